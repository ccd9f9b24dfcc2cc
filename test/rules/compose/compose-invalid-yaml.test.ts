import rule from '../../../server/src/rules/compose/compose-invalid-yaml.ts';
import { checkCompose } from '../check-compose.ts';

checkCompose(rule, [
  `
services:
	web:
^ Tabs cannot indent YAML: use spaces
    image: nginx:1.27
`,
  `
services:
  web:
    image: "nginx:1.27
                      ^ A quote is not closed: add the missing one
    ports: ["80:80"]
`,
  `
services:
  web:
    image: nginx:1.27
   ports: ["80:80"]
   ^^^^^ Indented unlike its siblings: start all items of a block at the same column
  db:
    image: *missing
           ^^^^^^^^ '*missing' has no anchor: write it with '&' at what it stands for
    image: postgres:17
    ^^^^^ 'image' is here twice: remove or rename one of them
    command: @start
             ^ A value cannot begin with '@': put it in quotes
`,
  `
services:
  web: &web
    <<: *web
        ^^^^ '*web' stands within what it names: take it out
    image: nginx:1.27
`,
  `
services:
  web:
    image: nginx: 1.27
           ^ A value cannot itself be 'key: value' on one line: quote it or move it to the next line
    ports: [80
  db: {}
  ^^ A bracket is not closed before this: add the missing ']'
`,
  `
services:
  web:
    ima
`,
  `

`,
  `
# nothing but a comment
`,
]);
