import { main } from './command-line/main.ts';

// Not process.exit: what is still on its way into a pipe would be lost.
main(process.argv.slice(2), import.meta.dirname).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error);
    process.exitCode = 2;
  },
);
