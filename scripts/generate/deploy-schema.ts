import {
  appKinds,
  deployFields,
  type DeployField,
  type DeployFields,
} from '../../server/src/knowledge/deploy-fields.ts';

/** The schema of `.shipshape/deploy.yaml`, for editors with a YAML language server. */
export function deploySchema(): object {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Shipshape deployments',
    description: 'Where this app is deployed to, and how. No secrets: they are named here and kept elsewhere.',
    ...objectSchema(deployFields),
  };
}

function objectSchema(fields: DeployFields): object {
  const required = Object.keys(fields).filter((key) => fields[key]?.required === true);
  return {
    type: 'object',
    additionalProperties: false,
    patternProperties: { '^x-': {} },
    properties: Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, schemaOf(field)])),
    ...(required.length > 0 && { required }),
    ...(appKinds.every((kind) => kind in fields) && { oneOf: appKinds.map((kind) => ({ required: [kind] })) }),
  };
}

function schemaOf(field: DeployField): object {
  const description = field.about;
  switch (field.kind) {
    case 'object':
      return { description, ...objectSchema(field.fields) };
    case 'map':
      return {
        description,
        type: 'object',
        additionalProperties: schemaOf(field.of),
        ...(field.name && { propertyNames: { pattern: field.name.source } }),
      };
    case 'list':
      return { description, type: 'array', items: schemaOf(field.of) };
    case 'flag':
      return { description, type: 'boolean' };
    case 'number':
      return { description, type: field.whole ? 'integer' : 'number', minimum: field.least, maximum: field.most };
    case 'text':
      return {
        description,
        type: 'string',
        ...(field.values && { enum: Object.keys(field.values) }),
        ...(field.pattern && { pattern: field.pattern.source }),
      };
  }
}
