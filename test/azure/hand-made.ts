import type { Mappers } from './contract.ts';

/**
 * Contracts of providers without an official package among ours, in a short form, read from the OpenAPI documents of Microsoft's
 * azure-rest-api-specs. Keys are paths on the wire: `location!` is required, `properties.AppId-` read-only. Types are `String`, `Number`,
 * `Boolean`, `any`, another model's name, each with `[]` for a list or `{}` for a dictionary, or `A|B` for an enumeration.
 */
export function handMade(models: Readonly<Record<string, Readonly<Record<string, string>>>>): Mappers {
  const typeOf = (text: string): Type => {
    if (text.endsWith('[]')) return { name: 'Sequence', element: { type: typeOf(text.slice(0, -2)) } };
    if (text.endsWith('{}')) return { name: 'Dictionary', value: { type: typeOf(text.slice(0, -2)) } };
    if (text.includes('|')) return { name: 'Enum', allowedValues: text.split('|') };
    return Object.hasOwn(models, text) ? { name: 'Composite', className: text } : { name: text };
  };
  return Object.fromEntries(
    Object.entries(models).map(([className, properties]) => {
      const modelProperties = Object.fromEntries(
        Object.entries(properties).map(([key, text]) => {
          const serializedName = key.replace(/[!-]$/, '');
          const mapper = {
            serializedName,
            required: key.endsWith('!'),
            readOnly: key.endsWith('-'),
            type: typeOf(text),
          };
          return [serializedName, mapper];
        }),
      );
      return [className, { type: { name: 'Composite', className, modelProperties } }];
    }),
  );
}

interface Type {
  readonly name: string;
  readonly className?: string;
  readonly element?: { readonly type: Type };
  readonly value?: { readonly type: Type };
  readonly allowedValues?: readonly string[];
}
