/** The commands of ours that need Azure, and the functions behind them in `bundle.ts`. They are loaded when one of them first runs. */
export const azureCommands = {
  'shipshape.deploy': 'deploy',
  'shipshape.pushImage': 'push',
  'shipshape.cloudBuild': 'cloudBuild',
  'shipshape.swapSlots': 'swapSlots',
  'shipshape.splitTraffic': 'splitTraffic',
  'shipshape.rollBack': 'rollBack',
  'shipshape.streamLogs': 'streamLogs',
  'shipshape.stopLogs': 'stopLogs',
  'shipshape.queryLogs': 'queryLogs',
  'shipshape.showDeployments': 'showDeployments',
  'shipshape.resumeDeployment': 'resume',
  'shipshape.cleanUpDeployment': 'cleanUp',
  'shipshape.signInToAzure': 'signIn',
  'shipshape.forgetSecrets': 'forgetSecrets',
  'shipshape.deployments.refresh': 'refreshDeployments',
  'shipshape.deployments.open': 'openDeployment',
  'shipshape.deployments.activate': 'activateRevision',
  'shipshape.deployments.deactivate': 'deactivateRevision',
  'shipshape.deployments.label': 'labelRevision',
  'shipshape.deployments.portal': 'openInPortal',
  'shipshape.plan.confirm': 'confirmPlan',
  'shipshape.plan.cancel': 'cancelPlan',
  'shipshape.plan.copyJson': 'copyPlan',
  'shipshape.plan.copyScript': 'copyScript',
} as const;

export type AzureCommand = (typeof azureCommands)[keyof typeof azureCommands];
