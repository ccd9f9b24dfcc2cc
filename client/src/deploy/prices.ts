import type { Cost } from './step.ts';

/**
 * List prices from Azure's pricing pages, of East US and without any discount, for orientation; regions differ by up to a third.
 * Only what did not change for years is here, everything else just costs.
 */
const asOf = 'East US, list price of 2025';
const hoursAMonth = 730;

const registries: Readonly<Record<string, number>> = { Basic: 5, Standard: 20, Premium: 50 };
/** Linux plans. */
const plans: Readonly<Record<string, number>> = { F1: 0, B1: 12.41, S1: 69.35, S2: 138.7, S3: 277.4 };
const containerGroup = { cpu: 0.0405 * hoursAMonth, memory: 0.00445 * hoursAMonth };

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
  const price = cpu * containerGroup.cpu + memory * containerGroup.memory;
  return monthly(`Container group of ${cpu} vCPU, ${memory} GB`, Math.round(price * 100) / 100);
}

export function alertCost(): Cost {
  return monthly('Metric alert', 0.1);
}

function monthly(what: string, price: number | undefined): Cost {
  return price === undefined ? { what } : { what, monthly: price, asOf };
}
