import type { Cost } from './step.ts';

/**
 * List prices of the public cloud, of East US in US dollars and without any discount, for orientation; regions differ by up to a third.
 * Only what was found in more than one place is here, everything else just costs: azure.microsoft.com/pricing/details for
 * container-registry (0.167, 0.667 and 1.667 a day), app-service/linux (per hour: B1 0.017, S1 0.095),
 * container-apps and monitor.
 */
const asOf = 'East US, list price of 2025';

const registries: Readonly<Record<string, number>> = { Basic: 5, Standard: 20, Premium: 50 };
/** Linux plans. */
const plans: Readonly<Record<string, number>> = { F1: 0, B1: 12.41, S1: 69.35 };

export function registryCost(sku: string): Cost {
  return monthly(`Container registry ${sku}`, registries[sku]);
}

export function servicePlanCost(sku: string): Cost {
  return monthly(`App Service plan ${sku}`, plans[sku.toUpperCase()]);
}

export function workspaceCost(): Cost {
  return { what: 'Log Analytics workspace', terms: '$2.30 per GB of logs, 5 GB a month free', asOf };
}

export function containerAppCost(cpu: number, memory: number, replicas: number): Cost {
  const size = `${cpu} vCPU, ${memory} GiB`;
  return {
    what: `Container app of ${size}${replicas === 0 ? ', scales to zero' : `, at least ${replicas} running`}`,
    terms: '$0.000024 per vCPU and second, $0.000003 per GiB and second, the first 50 vCPU hours a month free',
    asOf,
  };
}

export function containerGroupCost(cpu: number, memory: number): Cost {
  return { what: `Container group of ${cpu} vCPU, ${memory} GB, by the second while it runs` };
}

export function alertCost(): Cost {
  return { what: 'Metric alert' };
}

function monthly(what: string, price: number | undefined): Cost {
  return price === undefined ? { what } : { what, monthly: price, asOf };
}
