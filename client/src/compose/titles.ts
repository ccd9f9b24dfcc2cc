import type { ComposeAction } from '../tools/container/compose.ts';

interface Titles {
  readonly id: string;
  /** Over a service. */
  readonly title: string;
  /** Over all of them. */
  readonly titleForAll: string;
  /** In a question: 'Which services should ...?' */
  readonly question: string;
}

export const composeTitles: Readonly<Record<ComposeAction, Titles>> = {
  up: { id: 'shipshape.composeUp', title: 'Up', titleForAll: 'Up', question: 'Services to start' },
  watch: {
    id: 'shipshape.composeWatch',
    title: 'Watch',
    titleForAll: 'Watch',
    question: 'Services to start and keep up to date with their files',
  },
  down: { id: 'shipshape.composeDown', title: 'Down', titleForAll: 'Down', question: 'Services to stop and remove' },
  restart: {
    id: 'shipshape.composeRestart',
    title: 'Restart',
    titleForAll: 'Restart',
    question: 'Services to restart',
  },
  logs: { id: 'shipshape.composeLogs', title: 'Logs', titleForAll: 'Logs', question: 'Services to show the logs of' },
  build: { id: 'shipshape.composeBuild', title: 'Build', titleForAll: 'Build', question: 'Services to build' },
  pull: { id: 'shipshape.composePull', title: 'Pull', titleForAll: 'Pull', question: 'Services to pull the images of' },
};
