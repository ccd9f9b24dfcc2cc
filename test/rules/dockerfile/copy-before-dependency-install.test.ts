import rule from '../../../server/src/rules/dockerfile/copy-before-dependency-install.ts';
import { checkDockerfile } from '../check-dockerfile.ts';

checkDockerfile(
  rule,
  [
    `
FROM node:22
WORKDIR /app
copy --chown=node:node --link . .
                              ^ Any edit repeats 'npm ci' below: copy 'package.json' first, the rest after it
USER node
run npm ci
=> Copy the manifests first
FROM node:22
WORKDIR /app
copy --chown=node:node --link package*.json ./
USER node
run npm ci
copy --chown=node:node --link . .
`,
    `
FROM node:22
COPY . /app
     ^ Any edit repeats 'yarn install' below: copy 'package.json' first, the rest after it
WORKDIR /app
RUN yarn install --frozen-lockfile && yarn build
=> Copy the manifests first
FROM node:22
COPY package.json yarn.lock* /app/
WORKDIR /app
RUN yarn install --frozen-lockfile
COPY . /app
RUN yarn build
`,
    `
FROM python:3.12
WORKDIR /srv
COPY . .
     ^ Any edit repeats 'pip install' below: copy 'requirements/prod.txt' first, the rest after it
RUN apt-get update && apt-get install -y gcc && rm -rf /var/lib/apt/lists/*
RUN pip install --upgrade pip && pip install --no-cache-dir -r requirements/prod.txt
=> Copy the manifests first
FROM python:3.12
WORKDIR /srv
COPY requirements/prod.txt ./requirements/
RUN apt-get update && apt-get install -y gcc && rm -rf /var/lib/apt/lists/*
RUN pip install --upgrade pip && pip install --no-cache-dir -r requirements/prod.txt
COPY . .
`,
    `
FROM python:3.12
COPY . /srv/
     ^ Any edit repeats 'pip install' below: copy 'requirements.txt' first, the rest after it
WORKDIR /srv/backend
RUN python -m pip install -r requirements.txt -r dev.txt
=> Copy the manifests first
FROM python:3.12
COPY backend/requirements.txt backend/dev.txt /srv/backend/
WORKDIR /srv/backend
RUN python -m pip install -r requirements.txt -r dev.txt
COPY . /srv/
`,
    `
FROM python:3.12
ADD ./ /srv
    ^^ Any edit repeats 'pip install' below: copy 'requirements.txt' first, the rest after it
RUN pip3 install -r /srv/requirements.txt
=> Copy the manifests first
FROM python:3.12
ADD requirements.txt /srv/
RUN pip3 install -r /srv/requirements.txt
ADD ./ /srv
`,
    `
FROM golang:1.23
WORKDIR /src
COPY . .
     ^ Any edit repeats 'go mod download' below: copy 'go.mod' first, the rest after it
RUN go mod download \\
    && go build ./...
=> Copy the manifests first
FROM golang:1.23
WORKDIR /src
COPY go.mod go.sum* ./
RUN go mod download
COPY . .
RUN go build ./...
`,
    `
FROM node:22\r
COPY . .\r
     ^ Any edit repeats 'npm install' below: copy 'package.json' first, the rest after it
RUN npm install\r
=> Copy the manifests first
FROM node:22\r
COPY package*.json ./\r
RUN npm install\r
COPY . .\r
`,
    `
FROM python:3.12
COPY . .
     ^ Any edit repeats 'poetry install' below: copy 'pyproject.toml' first, the rest after it
RUN poetry install --no-root
=> Copy the manifests first
FROM python:3.12
COPY pyproject.toml poetry.lock* ./
RUN poetry install --no-root
COPY . .
`,
    `
FROM php:8.3
COPY . .
     ^ Any edit repeats 'composer install' below: install what 'composer.json' names first
RUN composer install --no-dev
FROM rust:1.80
COPY . .
     ^ Any edit repeats 'cargo build' below: install what 'Cargo.toml' names first
RUN cargo build --release
FROM python:3.12
COPY . .
     ^ Any edit repeats 'pip install' below: install what 'requirements.txt' names first
RUN pip install -r requirements.txt .
FROM python:3.12
COPY . .
     ^ Any edit repeats 'poetry install' below: install what 'pyproject.toml' names first
RUN poetry install
FROM ruby:3.3
COPY . .
     ^ Any edit repeats 'bundle install' below: copy 'Gemfile' first, the rest after it
RUN cd app && bundle install
FROM node:22
COPY . .
     ^ Any edit repeats 'npm ci' below: copy 'package.json' first, the rest after it
RUN make assets
RUN npm ci
FROM node:22
COPY [".", "/app"]
      ^^^ Any edit repeats 'npm ci' below: copy 'package.json' first, the rest after it
RUN <<EOF
npm ci
EOF
FROM node:22
COPY . /app
     ^ Any edit repeats 'npm ci' below: copy 'package.json' first, the rest after it
RUN npm --prefix /app ci
FROM node:22
COPY . /app
     ^ Any edit repeats 'npm ci' below: copy 'package.json' first, the rest after it
RUN (cd app; npm ci)
FROM maven:3
COPY . .
     ^ Any edit repeats 'mvn dependency:go-offline' below: copy 'pom.xml' first, the rest after it
RUN mvn dependency:go-offline
FROM mcr.microsoft.com/dotnet/sdk:8.0
COPY . .
     ^ Any edit repeats 'dotnet restore' below: copy '*.csproj' first, the rest after it
RUN dotnet restore
=> Copy the manifests first
FROM php:8.3
COPY . .
RUN composer install --no-dev
FROM rust:1.80
COPY . .
RUN cargo build --release
FROM python:3.12
COPY . .
RUN pip install -r requirements.txt .
FROM python:3.12
COPY . .
RUN poetry install
FROM ruby:3.3
COPY . .
RUN cd app && bundle install
FROM node:22
COPY . .
RUN make assets
RUN npm ci
FROM node:22
COPY [".", "/app"]
RUN <<EOF
npm ci
EOF
FROM node:22
COPY . /app
RUN npm --prefix /app ci
FROM node:22
COPY . /app
RUN (cd app; npm ci)
FROM maven:3
COPY pom.xml ./
RUN mvn dependency:go-offline
COPY . .
FROM mcr.microsoft.com/dotnet/sdk:8.0
COPY . .
RUN dotnet restore
`,
    `
FROM node:22
COPY . .
RUN npm i -g pnpm && npm install left-pad && yarn build && pip install flask
RUN --mount=type=bind,source=package.json,target=package.json npm ci
`,
    `
FROM node:22
COPY package*.json ./
RUN npm ci
COPY . .
RUN npm ci --omit=dev
`,
    `
FROM node:22 AS one
COPY . .
FROM node:22
COPY --from=one /a /a
RUN npm ci
`,
    `
FROM node:22
RUN npm ci
COPY . .
`,
    `
FROM node:22
COPY src ./src
RUN npm ci
`,
    `
FROM node:22
COPY . .
RUN npx turbo prune && npm ci
`,
    `
RUN npm ci
`,
  ],
  { files: {} },
);

checkDockerfile(
  rule,
  [
    `
FROM node:22
COPY . .
     ^ Any edit repeats 'npm ci' below: copy 'package.json' first, the rest after it
RUN npm ci
=> Copy the manifests first
FROM node:22
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
`,
  ],
  { files: { 'package.json': '{}', 'package-lock.json': '{}', '.npmrc': '' } },
);

checkDockerfile(
  rule,
  [
    `
FROM node:22
COPY . .
     ^ Any edit repeats 'npm ci' below: copy 'package.json' first, the rest after it
RUN npm ci
`,
  ],
  { files: { 'package.json': '{ "scripts": { "postinstall": "node patch.js" } }' } },
);

checkDockerfile(
  rule,
  [
    `
FROM node:22
COPY . .
RUN npm ci
`,
  ],
  { files: { 'package.json': '{ "workspaces": ["a"] }' } },
);

checkDockerfile(
  rule,
  [
    `
FROM node:22
COPY . .
RUN pnpm install && go mod download
`,
  ],
  { files: { 'package.json': '{}', 'pnpm-workspace.yaml': '', 'go.work': '' } },
);

checkDockerfile(
  rule,
  [
    `
FROM python:3.12
COPY . .
     ^ Any edit repeats 'pip install' below: copy 'requirements.txt' first, the rest after it
RUN pip install -r requirements.txt
FROM golang:1.23
COPY . .
     ^ Any edit repeats 'go mod download' below: copy 'go.mod' first, the rest after it
RUN go mod download
FROM mcr.microsoft.com/dotnet/sdk:8.0
WORKDIR /src
COPY . .
     ^ Any edit repeats 'dotnet restore' below: copy '*.csproj' first, the rest after it
RUN dotnet restore
FROM maven:3
WORKDIR /src
COPY . .
     ^ Any edit repeats 'mvn dependency:go-offline' below: copy 'pom.xml' first, the rest after it
RUN mvn -B dependency:go-offline
FROM ruby:3.3
COPY . .
     ^ Any edit repeats 'bundle install' below: copy 'Gemfile' first, the rest after it
RUN bundle install
=> Copy the manifests first
FROM python:3.12
COPY . .
RUN pip install -r requirements.txt
FROM golang:1.23
COPY . .
RUN go mod download
FROM mcr.microsoft.com/dotnet/sdk:8.0
WORKDIR /src
COPY *.csproj ./
RUN dotnet restore
COPY . .
FROM maven:3
WORKDIR /src
COPY pom.xml ./
RUN mvn -B dependency:go-offline
COPY . .
FROM ruby:3.3
COPY . .
RUN bundle install
`,
  ],
  {
    files: {
      'requirements.txt': 'flask\n-r base.txt\n',
      'app.csproj': '',
      'go.mod': 'replace a => ../a',
      'pom.xml': '<project/>',
    },
  },
);
