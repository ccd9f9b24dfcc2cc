import rule from '../../../server/src/rules/dockerfile/shell-form-cmd.ts';
import { checkDockerfile } from '../check-dockerfile.ts';

checkDockerfile(rule, [
  `
FROM alpine:3.20
cmd node server.js --name "a b" 'it''s' a\\ b "\\$HOME" --glob='*.js'
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Signals do not reach the program in shell form: use a JSON array
=> Convert to a JSON array
FROM alpine:3.20
cmd ["node", "server.js", "--name", "a b", "its", "a b", "$HOME", "--glob=*.js"]
`,
  `
FROM alpine:3.20
ENTRYPOINT   /usr/bin/app \\
             ^^^^^^^^^^^^^^
    --one \\
^^^^^^^^^^^
    # about two
^^^^^^^^^^^^^^^
    --two
^^^^^^^^^ Signals do not reach the program in shell form: use a JSON array
=> Convert to a JSON array
FROM alpine:3.20
ENTRYPOINT   ["/usr/bin/app", "--one", "--two"]
`,
  `
FROM alpine:3.20
CMD ./run.sh
    ^^^^^^^^ Signals do not reach the program in shell form: use a JSON array
=> Convert to a JSON array
FROM alpine:3.20
CMD ["./run.sh"]
`,
  `
FROM alpine:3.20
CMD python -m app --port $PORT
    ^^^^^^^^^^^^^^^^^^^^^^^^^^ Signals do not reach the program in shell form: use a JSON array
=> Convert to a JSON array
FROM alpine:3.20
CMD ["sh", "-c", "exec python -m app --port $PORT"]
`,
  `
FROM alpine:3.20
CMD app -s "$SERVER" \\
    ^^^^^^^^^^^^^^^^^^
    -p \${PORT:-80} \\
^^^^^^^^^^^^^^^^^^^^
    # the rest
^^^^^^^^^^^^^^
    $OPTIONS
^^^^^^^^^^^^ Signals do not reach the program in shell form: use a JSON array
=> Convert to a JSON array
FROM alpine:3.20
CMD ["sh", "-c", "exec app -s \\"$SERVER\\" -p \${PORT:-80} $OPTIONS"]
`,
  `
FROM alpine:3.20
CMD NODE_ENV=production node "$MAIN"
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Signals do not reach the program in shell form: use a JSON array
=> Convert to a JSON array
FROM alpine:3.20
CMD ["sh", "-c", "NODE_ENV=production exec node \\"$MAIN\\""]
`,
  `
FROM alpine:3.20
CMD cat /etc/*.conf
    ^^^^^^^^^^^^^^^ Signals do not reach the program in shell form: use a JSON array
=> Convert to a JSON array
FROM alpine:3.20
CMD ["sh", "-c", "exec cat /etc/*.conf"]
`,
  `
FROM alpine:3.20
CMD a && b
    ^^^^^^ Signals do not reach the program in shell form: use a JSON array
ENTRYPOINT a | b
           ^^^^^ Signals do not reach the program in shell form: use a JSON array
`,
  `
FROM alpine:3.20
CMD a > /dev/stdout
    ^^^^^^^^^^^^^^^ Signals do not reach the program in shell form: use a JSON array
ENTRYPOINT cd /app
           ^^^^^^^ Signals do not reach the program in shell form: use a JSON array
`,
  `
FROM alpine:3.20
CMD a; b
    ^^^^ Signals do not reach the program in shell form: use a JSON array
ENTRYPOINT if true; then a; fi
           ^^^^^^^^^^^^^^^^^^^ Signals do not reach the program in shell form: use a JSON array
`,
  `
FROM alpine:3.20
CMD echo $(date)
    ^^^^^^^^^^^^ Signals do not reach the program in shell form: use a JSON array
`,
  `
FROM alpine:3.20
CMD ['python', 'app.py']
    ^^^^^^^^^^^^^^^^^^^^ Not a valid JSON array, so a shell runs it as written: use double quotes
=> Write it as a JSON array
FROM alpine:3.20
CMD ["python", "app.py"]
`,
  `
FROM alpine:3.20
CMD [python, app.py, --port=80]
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^ Not a valid JSON array, so a shell runs it as written: use double quotes
=> Write it as a JSON array
FROM alpine:3.20
CMD ["python", "app.py", "--port=80"]
`,
  `
FROM alpine:3.20
ENTRYPOINT ["python", "app.py",]
           ^^^^^^^^^^^^^^^^^^^^^ Not a valid JSON array, so a shell runs it as written: use double quotes
=> Write it as a JSON array
FROM alpine:3.20
ENTRYPOINT ["python", "app.py"]
`,
  `
FROM alpine:3.20
ENTRYPOINT [“python”, “app.py”]
           ^^^^^^^^^^^^^^^^^^^^ Not a valid JSON array, so a shell runs it as written: use double quotes
=> Write it as a JSON array
FROM alpine:3.20
ENTRYPOINT ["python", "app.py"]
`,
  `
FROM alpine:3.20
ENTRYPOINT [app]
           ^^^^^ Not a valid JSON array, so a shell runs it as written: use double quotes
=> Write it as a JSON array
FROM alpine:3.20
ENTRYPOINT ["app"]
`,
  `
FROM alpine:3.20
CMD ["a" "b"]
    ^^^^^^^^^ Not a valid JSON array, so a shell runs it as written: use double quotes
ENTRYPOINT [ "$A" = b ] && c
           ^^^^^^^^^^^^^^^^^ Signals do not reach the program in shell form: use a JSON array
=> Write it as a JSON array
FROM alpine:3.20
CMD ["a", "b"]
ENTRYPOINT [ "$A" = b ] && c
`,
  `
FROM alpine:3.20
CMD ["a", "\\d"]
    ^^^^^^^^^^^ Not a valid JSON array, so a shell runs it as written: use double quotes
ENTRYPOINT [ -f "$A" ]
           ^^^^^^^^^^^ Signals do not reach the program in shell form: use a JSON array
=> Convert to a JSON array
FROM alpine:3.20
CMD ["a", "\\d"]
ENTRYPOINT ["sh", "-c", "exec [ -f \\"$A\\" ]"]
`,
  `
FROM alpine:3.20
ENTRYPOINT app
           ^^^ Signals do not reach the program in shell form: use a JSON array
CMD flag
    ^^^^ Signals do not reach the program in shell form: use a JSON array
=> Convert to a JSON array
FROM alpine:3.20
ENTRYPOINT ["app"]
CMD ["flag"]
`,
  `
FROM alpine:3.20 AS base
ENTRYPOINT ["tini", "--"]
FROM base
CMD node server.js
    ^^^^^^^^^^^^^^ Signals do not reach the program in shell form: use a JSON array
=> Convert to a JSON array
FROM alpine:3.20 AS base
ENTRYPOINT ["tini", "--"]
FROM base
CMD ["node", "server.js"]
`,
  `
FROM alpine:3.20\r
CMD node \\\r
    ^^^^^^
    server.js\r
^^^^^^^^^^^^^ Signals do not reach the program in shell form: use a JSON array
=> Convert to a JSON array
FROM alpine:3.20\r
CMD ["node", "server.js"]\r
`,
  `
FROM alpine:3.20
ONBUILD CMD node server.js
            ^^^^^^^^^^^^^^ Signals do not reach the program in shell form: use a JSON array
=> Convert to a JSON array
FROM alpine:3.20
ONBUILD CMD ["node", "server.js"]
`,
  `
CMD node server.js
    ^^^^^^^^^^^^^^ Signals do not reach the program in shell form: use a JSON array
=> Convert to a JSON array
CMD ["node", "server.js"]
`,
  `
\uFEFFcmd node server.js
     ^^^^^^^^^^^^^^ Signals do not reach the program in shell form: use a JSON array
=> Convert to a JSON array
\uFEFFcmd ["node", "server.js"]
`,
  `
# escape=\`
FROM mcr.microsoft.com/windows/nanoserver:ltsc2022
CMD C:\\app\\app.exe
`,
  `
FROM alpine:3.20
CMD ["node", "server.js"]
ENTRYPOINT [ "a", \\
    "b" ]
CMD []
CMD
CMD exec node $MAIN
HEALTHCHECK CMD wget -q http://localhost || exit 1
`,
  `
FROM alpine:3.20 AS base
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
FROM base
CMD node server.js
ENTRYPOINT a && b
`,
  `
FROM alpine:3.20
RUN <<EOF
CMD node server.js
EOF
# CMD node server.js
`,
]);
