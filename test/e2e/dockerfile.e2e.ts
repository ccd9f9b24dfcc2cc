import assert from 'node:assert/strict';
import type { Scenario } from './scenario.ts';

const maintainer = "warning 'MAINTAINER'";

export default (scenario: Scenario): void => {
  scenario('a Dockerfile is underlined where it will hurt, and a hover says why', { folder: 'node' }, async (code) => {
    await code.openFile('Dockerfile');
    await code.underlines("warning 'latest'", maintainer, "warning 'apt-get install'", "warning 'node server.js'");
    await code.hoverSays(
      'MAINTAINER',
      "'MAINTAINER' is deprecated: use a label",
      'maintainer-deprecated',
      'deprecated since Docker 1.13',
      'LABEL org.opencontainers.image.authors="Ada Lovelace <ada@example.com>"',
    );
  });

  scenario('problems come and go while typing', { folder: 'untidy' }, async (code) => {
    await code.openFile('Dockerfile');
    await code.underlines(maintainer);
    await code.rewrite('FROM debian:latest\nUSER nobody\n');
    await code.underlines("warning 'latest'");
    await code.noLongerUnderlines(maintainer);
  });

  scenario('a quick fix changes the text', { folder: 'node' }, async (code) => {
    await code.openFile('Dockerfile');
    await code.underlines("warning 'node server.js'");
    assert.deepEqual(await code.quickFixes('node server.js'), [
      'Convert to a JSON array',
      'Fix all safe problems in this file',
      "Ignore 'shell-form-cmd' here",
      "Turn off rule 'shell-form-cmd'",
      "Open the page of rule 'shell-form-cmd'",
    ]);
    await code.applyFix('node server.js', 'Convert to a JSON array');
    await code.noLongerUnderlines("warning 'node server.js'");
    await code.save();
    await code.hasOnDisk('Dockerfile', /^CMD \["node", "server\.js"\]$/m);
  });

  scenario('a quick fix writes a new file', { folder: 'unfiltered' }, async (code) => {
    await code.openFile('Dockerfile');
    await code.underlines("warning '.'");
    await code.applyFix('. .', /^Write a '\.dockerignore' for Python/);
    await code.noLongerUnderlines("warning '.'");
    await code.hasOnDisk('.dockerignore', /^# Python$/m);
  });

  const onSave = { 'editor.codeActionsOnSave': { 'source.fixAll.shipshape': 'explicit' } };
  scenario('a save fixes all that is safe to fix', { folder: 'untidy', settings: onSave }, async (code) => {
    await code.openFile('Dockerfile');
    await code.underlines(maintainer);
    await code.save();
    await code.hasOnDisk('Dockerfile', tidy);
    await code.noLongerUnderlines(maintainer);
  });

  scenario('a command fixes all that is safe to fix', { folder: 'untidy' }, async (code) => {
    await code.openFile('Dockerfile');
    await code.underlines(maintainer);
    await code.runCommand('Shipshape: Fix all safe problems in this file');
    await code.noLongerUnderlines(maintainer);
    await code.save();
    await code.hasOnDisk('Dockerfile', tidy);
    await code.runCommand('Shipshape: Fix all safe problems in this file');
    await code.notifies('Nothing in this file is safe to fix without you');
  });
};

const tidy = `\
FROM debian:12.8-slim
LABEL org.opencontainers.image.authors="Ada Lovelace <ada@example.com>"
RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
COPY tide.sh /usr/local/bin/
USER nobody
CMD ["tide.sh", "--harbour", "north"]
`;
