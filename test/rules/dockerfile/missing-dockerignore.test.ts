import rule from '../../../server/src/rules/dockerfile/missing-dockerignore.ts';
import { checkDockerfile } from '../check-dockerfile.ts';

// A `.dockerignore` further up shows that the build starts there.
checkDockerfile(rule, ['FROM node:22-slim\nCOPY . .\n'], {
  files: { 'package.json': '{}', '../../.dockerignore': 'node_modules\n' },
});

// Nothing of this kind lies in the folder.
checkDockerfile(rule, ['FROM debian:12\nCOPY . .\n'], { files: { 'start.sh': '' } });

// An ignore file of the Dockerfile's own.
checkDockerfile(rule, ['FROM node:22-slim\nCOPY . .\n'], {
  files: { 'package.json': '{}', 'app.Dockerfile.dockerignore': '' },
  fileName: 'app.Dockerfile',
});
