import rule from '../../../server/src/rules/dockerfile/missing-dockerignore.ts';
import { checkDockerfile } from '../check-dockerfile.ts';

checkDockerfile(rule, [
  `
FROM node:22
copy . .
     ^ The whole folder is copied, and no '.dockerignore' holds anything back: write one
COPY . .
=> Write a '.dockerignore' for Node.js
+++ .dockerignore
# What the image does not need, or must never have.
.git
.gitignore
.github
.vscode
.idea
.DS_Store
Dockerfile*
compose*.y*ml
docker-compose*.y*ml
.dockerignore

# Secrets
**/.env
**/.env.*
!**/.env.example
**/*.pem
**/*.key

# Node.js
**/node_modules
npm-debug.log*
.npm
coverage
dist
`,
  `
FROM node:22
COPY dist/ ./dist/
COPY ["./", "/app"]
      ^^^^ The whole folder is copied, and no '.dockerignore' holds anything back: write one
RUN --mount=type=bind,source=certs/a.pem,target=/a.pem git describe
=> Write a '.dockerignore' for Node.js
+++ .dockerignore
# What the image does not need, or must never have.
.gitignore
.github
.vscode
.idea
.DS_Store
Dockerfile*
compose*.y*ml
docker-compose*.y*ml
.dockerignore

# Secrets
**/.env
**/.env.*
!**/.env.example
**/*.key

# Node.js
**/node_modules
npm-debug.log*
.npm
coverage
`,
  `
FROM node:22
COPY a.txt .
COPY --from=x . .
RUN echo COPY . .
COPY <<EOF .
a
EOF
`,
  `
COPY . .
     ^ The whole folder is copied, and no '.dockerignore' holds anything back: write one
=> Write a '.dockerignore' for Node.js
+++ .dockerignore
# What the image does not need, or must never have.
.git
.gitignore
.github
.vscode
.idea
.DS_Store
Dockerfile*
compose*.y*ml
docker-compose*.y*ml
.dockerignore

# Secrets
**/.env
**/.env.*
!**/.env.example
**/*.pem
**/*.key

# Node.js
**/node_modules
npm-debug.log*
.npm
coverage
dist
`,
]);

checkDockerfile(
  rule,
  [
    `
FROM maven:3 AS build
ADD . /src
    ^ The whole folder is copied, and no '.dockerignore' holds anything back: write one
FROM tomcat:10
COPY target/*.jar /app.jar
COPY build/libs/app.jar .env.production ./
=> Write a '.dockerignore' for Java
+++ .dockerignore
# What the image does not need, or must never have.
.git
.gitignore
.github
.vscode
.idea
.DS_Store
Dockerfile*
compose*.y*ml
docker-compose*.y*ml
.dockerignore

# Secrets
**/.env
!**/.env.example
**/*.pem
**/*.key

# Java
.gradle
*.iml
`,
  ],
  { files: { 'pom.xml': '', '.git/': '' } },
);

checkDockerfile(
  rule,
  [
    `
FROM golang:1.23
COPY . .
`,
  ],
  { files: { 'go.mod': '' } },
);

checkDockerfile(
  rule,
  [
    `
FROM golang:1.23
COPY . .
     ^ The whole folder is copied, and no '.dockerignore' holds anything back: write one
RUN git clone https://example.com/a.git
=> Write a '.dockerignore' for Go
+++ .dockerignore
# What the image does not need, or must never have.
.git
.gitignore
.github
.vscode
.idea
.DS_Store
Dockerfile*
compose*.y*ml
docker-compose*.y*ml
.dockerignore

# Secrets
**/.env
**/.env.*
!**/.env.example
**/*.pem
**/*.key

# Go
bin
*.test
*.out
coverage.*
`,
  ],
  { files: { 'go.mod': '', '.git/HEAD': '' } },
);

checkDockerfile(
  rule,
  [
    `
FROM node:22
COPY . .
`,
  ],
  { files: { 'package.json': '{}', '.dockerignore': '' } },
);

checkDockerfile(
  rule,
  [
    `
FROM node:22
COPY . .
`,
  ],
  { files: { 'package.json': '{}', 'web.Dockerfile.dockerignore': '' }, fileName: 'web.Dockerfile' },
);

checkDockerfile(
  rule,
  [
    `
FROM node:22
COPY . .
`,
  ],
  { files: { 'package.json': '{}', '../.dockerignore': '' } },
);

checkDockerfile(
  rule,
  [
    `
FROM alpine:3.20
COPY . .
`,
  ],
  { files: { 'README.md': '' } },
);

checkDockerfile(
  rule,
  [
    `
FROM alpine:3.20
COPY . .
     ^ The whole folder is copied, and no '.dockerignore' holds anything back: write one
=> Write a '.dockerignore'
+++ .dockerignore
# What the image does not need, or must never have.
.git
.gitignore
.github
.vscode
.idea
.DS_Store
Dockerfile*
compose*.y*ml
docker-compose*.y*ml
.dockerignore

# Secrets
**/.env
**/.env.*
!**/.env.example
**/*.pem
**/*.key
`,
  ],
  { files: { '.env': '' } },
);
