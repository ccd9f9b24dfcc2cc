import type { DeploymentRecords } from './records.ts';
import type { PlanPanel } from './plan-panel.ts';
import type { Ui } from './ui.ts';

/** What the commands around deployments share. */
export interface Deploying extends Ui {
  readonly plans: PlanPanel;
  readonly records: DeploymentRecords;
  /** What runs may be another now: the view is to be read again. */
  readonly changed: () => void;
}
