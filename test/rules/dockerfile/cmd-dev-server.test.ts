import rule from '../../../server/src/rules/dockerfile/cmd-dev-server.ts';
import { checkDockerfile } from '../check-dockerfile.ts';

checkDockerfile(
  rule,
  [
    `
FROM python:3.12-slim
WORKDIR /srv
EXPOSE 8080/tcp
cmd flask --app shop run --debug --port 5001
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ 'flask run' is for development: use gunicorn
=> Start with gunicorn
FROM python:3.12-slim
WORKDIR /srv
EXPOSE 8080/tcp
cmd ["gunicorn", "--bind", "0.0.0.0:5001", "shop:app"]
`,
    `
FROM python:3.12-slim
ENV FLASK_APP=shop.web:create_app()
EXPOSE 8080
ENTRYPOINT ["poetry", "run", "flask"]
CMD ["run"]
    ^^^^^^^ 'flask run' is for development: use gunicorn
`,
    `
FROM python:3.12-slim
ENTRYPOINT ["poetry", "run", "flask", "run"]
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ 'flask run' is for development: use gunicorn
=> Start with gunicorn
FROM python:3.12-slim
ENTRYPOINT ["poetry", "run", "gunicorn", "--bind", "0.0.0.0:5000", "app:app"]
`,
    `
FROM python:3.12-slim
ENV FLASK_APP=shop/web.py PORT=80
EXPOSE $PORT
CMD ["python", "-m", "flask", "run"]
     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ 'flask run' is for development: use gunicorn
=> Start with gunicorn
FROM python:3.12-slim
ENV FLASK_APP=shop/web.py PORT=80
EXPOSE $PORT
CMD ["python", "-m", "gunicorn", "--bind", "0.0.0.0:80", "shop.web:app"]
`,
    `
FROM python:3.12-slim
ENV FLASK_APP=shop.web:create_app()
CMD ["flask", "run"]
     ^^^^^^^^^^^^^^ 'flask run' is for development: use gunicorn
=> Start with gunicorn
FROM python:3.12-slim
ENV FLASK_APP=shop.web:create_app()
CMD ["gunicorn", "--bind", "0.0.0.0:5000", "shop.web:create_app()"]
`,
    `
FROM python:3.12-slim
CMD FLASK_DEBUG=1 flask run > /log
                  ^^^^^^^^^ 'flask run' is for development: use gunicorn
=> Start with gunicorn
FROM python:3.12-slim
CMD FLASK_DEBUG=1 gunicorn --bind 0.0.0.0:5000 app:app > /log
`,
    `
FROM python:3.12-slim
CMD ["flask", "--version"]
`,
    `
FROM python:3.12-slim
ENV DJANGO_SETTINGS_MODULE=shop.settings
CMD python manage.py migrate && python manage.py runserver 0.0.0.0:8000
                                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ 'python manage.py runserver' is for development: use gunicorn
=> Start with gunicorn
FROM python:3.12-slim
ENV DJANGO_SETTINGS_MODULE=shop.settings
CMD python manage.py migrate && gunicorn --bind 0.0.0.0:8000 shop.wsgi:application
`,
    `
FROM python:3.12-slim
CMD ["sh", "-c", "python -m django runserver"]
                  ^^^^^^^^^^^^^^^^^^^^^^^^^^ 'django runserver' is for development: use gunicorn
`,
    `
FROM python:3.12-slim
CMD ["uvicorn", "app:app", "--reload", "--reload-dir", "src", "--host", "0.0.0.0"]
     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ 'uvicorn --reload' is for development: drop '--reload'
=> Drop '--reload'
FROM python:3.12-slim
CMD ["uvicorn", "app:app", "--host", "0.0.0.0"]
`,
    `
FROM python:3.12-slim
CMD exec python -m uvicorn app:app --reload
         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ 'uvicorn --reload' is for development: drop '--reload'
=> Drop '--reload'
FROM python:3.12-slim
CMD exec python -m uvicorn app:app
`,
    `
FROM python:3.12-slim
CMD fastapi dev app.py --port 80
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ 'fastapi dev app.py' is for development: use 'fastapi run'
=> Use 'fastapi run'
FROM python:3.12-slim
CMD ["fastapi", "run", "app.py", "--port", "80"]
`,
    `
FROM node:22
CMD ["npx", "nodemon", "--inspect", "server.js"]
     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ 'nodemon' is for development: use node
=> Start with node
FROM node:22
CMD ["node", "server.js"]
`,
    `
FROM node:22
CMD ["nodemon", "src/index.ts"]
     ^^^^^^^^^^^^^^^^^^^^^^^^^ 'nodemon src/index.ts' is for development: start it with node
`,
    `
FROM node:22
ENTRYPOINT ["tini", "--", "node", "--watch", "server.js"]
                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ 'node --watch' is for development: drop '--watch'
=> Drop '--watch'
FROM node:22
ENTRYPOINT ["tini", "--", "node", "server.js"]
`,
    `
FROM node:22
CMD ["npm", "run", "dev"]
     ^^^^^^^^^^^^^^^^^^^ 'npm run dev' is for development: run the built application
`,
    `
FROM ruby:3.3
CMD ["bundle", "exec", "rails", "server", "-b", "0.0.0.0"]
     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ 'rails server' is for development: use puma
=> Start with puma
FROM ruby:3.3
CMD ["bundle", "exec", "puma", "-C", "config/puma.rb"]
`,
    `
FROM golang:1.23
CMD go run .
    ^^^^^^^^ 'go run .' is for development: start the built program
`,
    `
FROM php:8.3-cli
CMD php -S 0.0.0.0:80 -t public
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^ 'php -S 0.0.0.0:80' is for development: use php-fpm or the apache variant
`,
    `
FROM node:22\r
CMD nodemon \\\r
    ^^^^^^^^^
    server.js\r
^^^^^^^^^^^^^ 'nodemon server.js' is for development: use node
=> Start with node
FROM node:22\r
CMD ["node", "server.js"]\r
`,
    `
CMD flask run
`,
    `
FROM node:22 AS base
CMD ["npx", "vite"]
     ^^^^^^^^^^^^^ 'vite' is for development: serve the build's output with nginx
FROM base
RUN true
`,
    `
FROM node:22 AS base
CMD ["npx", "vite"]
FROM base
ENTRYPOINT ["node", "server.js"]
`,
    `
FROM node:22
CMD ["npx", "vite"]
FROM node:22 AS development
CMD ["npm", "run", "dev"]
`,
    `
FROM node:22
ENV NODE_ENV=development
CMD ["npm", "run", "dev"]
`,
    `
FROM node:22
CMD ["npm", "start"]
`,
    `
FROM ruby:3.3
ENV RAILS_ENV=production
CMD ["rails", "server"]
`,
    `
FROM ruby:3.3
CMD ["rails", "server", "-e", "production"]
`,
    `
FROM python:3.12-slim
CMD ["gunicorn", "app:app"]
ENTRYPOINT ["/entry.sh"]
`,
    `
FROM python:3.12-slim
CMD ["python", "app.py"]
`,
    `
FROM python:3.12-slim
RUN flask run
HEALTHCHECK CMD flask run
CMD ["echo", "flask run"]
`,
    `
FROM node:22
CMD ["npx", "vite", "build"]
`,
  ],
  { files: {} },
);

checkDockerfile(
  rule,
  [
    `
FROM node:22
CMD ["npm", "run", "dev"]
`,
  ],
  { files: {}, fileName: 'Dockerfile.dev' },
);

checkDockerfile(
  rule,
  [
    `
FROM node:22
COPY . .
CMD ["npm", "start"]
     ^^^^^^^^^^^^^^ 'npm start' is for development: start it with node
`,
    `
FROM node:22
COPY . .
CMD yarn start --port 80
    ^^^^^^^^^^^^^^^^^^^^ 'yarn start' is for development: start it with node
`,
    `
FROM node:22
COPY . .
CMD ["npm", "run", "dev"]
`,
    `
FROM node:22
CMD ["npm", "run", "constructor"]
`,
  ],
  {
    files: {
      'package.json':
        '{ "scripts": { "start": "cross-env A=1 nodemon server.js", "serve": "node server.js", "dev": "npm run serve" } }',
    },
  },
);

checkDockerfile(
  rule,
  [
    `
FROM python:3.12-slim
WORKDIR /app
COPY . .
CMD ["python", "-u", "app.py"]
     ^^^^^^^^^^^^^^^^^^^^^^^^ 'python app.py' is for development: use gunicorn
=> Start with gunicorn
FROM python:3.12-slim
WORKDIR /app
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8080", "app:app"]
`,
    `
FROM python:3.12-slim
WORKDIR /app
COPY src/ /app/src/
EXPOSE 9000
CMD python3 /app/src/web.py
    ^^^^^^^^^^^^^^^^^^^^^^^ 'python3 /app/src/web.py' is for development: use gunicorn
=> Start with gunicorn
FROM python:3.12-slim
WORKDIR /app
COPY src/ /app/src/
EXPOSE 9000
CMD ["gunicorn", "--bind", "0.0.0.0:9000", "src.web:site"]
`,
    `
FROM python:3.12-slim
COPY src /opt/src
CMD python3 /opt/src/web.py
    ^^^^^^^^^^^^^^^^^^^^^^^ 'python3 /opt/src/web.py' is for development: use gunicorn
=> Start with gunicorn
FROM python:3.12-slim
COPY src /opt/src
CMD ["gunicorn", "--bind", "0.0.0.0:5000", "--chdir", "/opt/src", "web:site"]
`,
    `
FROM python:3.12-slim
COPY app.py /
ENTRYPOINT ["python"]
CMD ["app.py"]
    ^^^^^^^^^^ 'python app.py' is for development: use gunicorn
`,
    `
FROM python:3.12-slim
COPY api.py .
CMD ["python", "api.py"]
     ^^^^^^^^^^^^^^^^^^ 'python api.py' is for development: drop 'reload=True'
`,
    `
FROM python:3.12-slim
COPY dash_app.py .
CMD ["python", "dash_app.py"]
     ^^^^^^^^^^^^^^^^^^^^^^^ 'python dash_app.py' is for development: use gunicorn
=> Start with gunicorn
FROM python:3.12-slim
COPY dash_app.py .
CMD ["gunicorn", "--bind", "0.0.0.0:5000", "dash_app:server"]
`,
    `
FROM python:3.12-slim
COPY . .
CMD python manage.py runserver 0.0.0.0:80
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ 'python manage.py runserver' is for development: use gunicorn
=> Start with gunicorn
FROM python:3.12-slim
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:80", "shop.wsgi:application"]
`,
    `
FROM python:3.12-slim
COPY . .
CMD ["python", "plain.py"]
`,
    `
FROM python:3.12-slim
CMD ["python", "app.py"]
`,
  ],
  {
    files: {
      'app.py':
        'from flask import Flask\napp = Flask(__name__)\nif __name__ == "__main__":\n    app.run(host="0.0.0.0", port=8080)\n',
      'plain.py': 'app = Flask(__name__)\n',
      'src/web.py': 'import flask\nsite: object = flask.Flask(__name__)\nsite.run()\n',
      'api.py': 'uvicorn.run("api:app", reload=True)\n',
      'dash_app.py': 'app = Dash(__name__)\nserver = app.server\napp.run_server(debug=True)\n',
      'manage.py': "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')",
    },
  },
);
