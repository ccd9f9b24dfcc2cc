import rule from '../../../server/src/rules/compose/compose-version-obsolete.ts';
import { checkCompose } from '../check-compose.ts';

checkCompose(rule, [
  `
# keep me
version: "3" # and not me
^^^^^^^ 'version' is obsolete: Compose ignores it, remove it

services: {}
=> Remove 'version'
# keep me

services: {}
`,
  `
services: {}
version: '2.4'
^^^^^^^ 'version' is obsolete: Compose ignores it, remove it
networks: {}
=> Remove 'version'
services: {}
networks: {}
`,
  `
{ version: "3", services: {} }
  ^^^^^^^ 'version' is obsolete: Compose ignores it, remove it
`,
]);
