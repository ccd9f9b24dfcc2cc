import type { Scenario } from './scenario.ts';

const maintainer = "warning 'MAINTAINER'";
const add = "warning 'ADD'";

export default (scenario: Scenario): void => {
  scenario('a comment switches a rule off for one instruction', { folder: 'untidy' }, async (code) => {
    await code.openFile('Dockerfile');
    await code.underlines(maintainer);
    await code.applyFix('MAINTAINER', "Ignore 'maintainer-deprecated' here");
    await code.noLongerUnderlines(maintainer);
    await code.underlines(add);
    await code.save();
    await code.hasOnDisk('Dockerfile', /^# shipshape ignore=maintainer-deprecated\nMAINTAINER /m);
  });

  scenario('a setting switches a rule off, and another one all of them', { folder: 'untidy' }, async (code) => {
    await code.openFile('Dockerfile');
    await code.underlines(maintainer, add);
    await code.changeSettings({ 'shipshape.rules': { 'maintainer-deprecated': 'off' } });
    await code.openFile('Dockerfile');
    await code.noLongerUnderlines(maintainer);
    await code.underlines(add);
    await code.changeSettings({ 'shipshape.enable': false });
    await code.openFile('Dockerfile');
    await code.noLongerUnderlines(add);
    await code.changeSettings({});
    await code.openFile('Dockerfile');
    await code.underlines(maintainer, add);
  });

  scenario('a quick fix switches a rule off in the settings of the workspace', { folder: 'untidy' }, async (code) => {
    await code.openFile('Dockerfile');
    await code.underlines(maintainer);
    await code.applyFix('MAINTAINER', "Turn off rule 'maintainer-deprecated'");
    await code.noLongerUnderlines(maintainer);
    await code.notifies("'maintainer-deprecated' is now off in the workspace's settings");
    await code.hasOnDisk('.vscode/settings.json', /"maintainer-deprecated": "off"/);
  });

  scenario('a config file switches a rule off as soon as it is there', { folder: 'untidy' }, async (code) => {
    await code.openFile('Dockerfile');
    await code.underlines(maintainer);
    code.write('.shipshape.yaml', 'rules:\n  maintainer-deprecated: off\n');
    await code.noLongerUnderlines(maintainer);
    await code.underlines(add);
  });

  const trust = { 'security.workspace.trust.enabled': true, 'security.workspace.trust.startupPrompt': 'always' };
  scenario('Restricted Mode still finds and fixes', { folder: 'untidy', settings: trust }, async (code) => {
    await code.distrusts();
    await code.openFile('Dockerfile');
    await code.underlines(maintainer);
    await code.applyFix('ADD', /COPY/);
    await code.noLongerUnderlines(add);
    await code.save();
    await code.hasOnDisk('Dockerfile', /^COPY tide\.sh /m);
  });
};
