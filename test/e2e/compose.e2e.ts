import type { Scenario } from './scenario.ts';

export default (scenario: Scenario): void => {
  scenario(
    'a Compose file is underlined at the exact word, and its problems are listed',
    { folder: 'compose' },
    async (code) => {
      await code.openFile('compose.yaml');
      await code.underlines("info 'version'", "warning 'nginx'", "error 'prots'", "error 'backend'", "error 'true'");
      await code.hoverSays('true', "'metrics' has full access to the host", 'cap_add: [NET_ADMIN]');
      await code.listsProblems(
        "'prots' is not a service key: did you mean 'ports'? shipshape compose-schema [Ln 6, Col 5]",
        "Port 8081 is already published by 'admin': choose another shipshape compose-duplicate-published-port [Ln 22, Col 9]",
        "compose.yaml [Ln 14, Col 9] : published by 'admin' here",
      );
    },
  );

  scenario('a misspelt key of a Compose file is put right', { folder: 'compose' }, async (code) => {
    await code.openFile('compose.yaml');
    await code.underlines("error 'prots'");
    await code.applyFix('prots', /^Rename to 'ports'/);
    await code.noLongerUnderlines("error 'prots'");
    await code.save();
    await code.hasOnDisk('compose.yaml', /^ {4}ports:\n {6}- '8080:80'$/m);
  });
};
