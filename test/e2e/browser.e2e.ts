import type { Scenario } from './scenario.ts';

/** Makes VS Code run the extension in the page's own worker, as it does where there is no server at all. */
const inTheBrowser = { 'remote.extensionKind': { 'shipshape.shipshape': ['web'] } };

export default (scenario: Scenario): void => {
  scenario(
    'without Node, in a browser worker, it finds and fixes the same',
    { folder: 'untidy', settings: inTheBrowser },
    async (code) => {
      await code.openFile('Dockerfile');
      await code.underlines("warning 'MAINTAINER'", "warning 'ADD'");
      await code.applyFix('ADD', /COPY/);
      await code.noLongerUnderlines("warning 'ADD'");
      await code.save();
      await code.hasOnDisk('Dockerfile', /^COPY tide\.sh /m);
      code.runsInTheBrowser();
    },
  );
};
