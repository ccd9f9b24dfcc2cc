import { findDevServer, scriptsOf } from '../../model/dev-server.ts';
import { isForDevelopment, productionWords } from '../../model/production-command.ts';
import { dockerfileRule } from '../rule.ts';

export default dockerfileRule({
  id: 'cmd-dev-server',
  summary: 'Start a production server, not the one for development.',
  why: 'Development servers handle one request at a time, restart on every changed file and show stack traces, or even a console, to whoever causes an error.',
  category: 'reliability',
  severity: 'warning',
  files: { 'app.py': 'app = Flask(__name__)' },
  bad: `
FROM python:3.12-slim
EXPOSE 8000
CMD ["flask", "run", "--host=0.0.0.0"]
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ 'flask run' is for development: use gunicorn
=> Start with gunicorn
FROM python:3.12-slim
EXPOSE 8000
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
`,
  good: `
FROM node:22-slim AS dev
CMD ["npm", "run", "dev"]

FROM python:3.12-slim
CMD ["uvicorn", "app:app", "--host", "0.0.0.0"]
`,

  *check(dockerfile) {
    const { finalStage, project } = dockerfile;
    if (!finalStage || isForDevelopment(dockerfile, finalStage)) return;
    const scripts = scriptsOf(project.text('package.json'));
    const start = [finalStage.effective('CMD'), finalStage.effective('ENTRYPOINT')];
    for (const instruction of start) {
      if (!instruction) continue;
      for (const command of dockerfile.script(instruction).commands) {
        const found = findDevServer(
          command.words.map(({ value }) => value),
          scripts,
        );
        if (!found || isProduction(found.server.unless)) continue;
        const words = productionWords(dockerfile, finalStage, found);
        const isWhole = command.range.start - instruction.argumentsRange.start <= 1;
        const replacement = words && isWhole && !command.runBy ? instruction.argumentsRange : undefined;
        yield {
          range: replacement ?? command.range,
          message: `'${nameOf(command.words.map(({ value }) => value))}' is for development: ${words ? `use ${words[0] ?? ''}` : (found.server.advice ?? 'use a production server')}`,
          ...(replacement &&
            words && {
              fix: {
                title: `Start with ${words[0] ?? ''}`,
                safe: false,
                edits: [{ range: replacement, text: `[${words.map((word) => JSON.stringify(word)).join(', ')}]` }],
              },
            }),
        };
        return;
      }
    }

    function isProduction(variable: string | undefined): boolean {
      return variable !== undefined && new RegExp(`\\b${variable}[= ]["']?prod`).test(dockerfile.text);
    }
  },
});

/** The words that tell what is run: `flask run`, `npm run dev`, `python manage.py runserver`. */
function nameOf(words: readonly string[]): string {
  const plain = words.filter((word, i) => i === 0 || !word.startsWith('-') || word === '-S' || word === '-m');
  return plain.slice(0, 3).join(' ').slice(0, 40);
}
