import { EventEmitter, type Event, type Memento } from 'vscode';
import type { ImageLayers } from './layers.ts';
import { reportOf, type LayerReport } from './report.ts';

interface Kept {
  /** By the Dockerfile's uri, newest first. */
  readonly built: Readonly<Record<string, readonly ImageLayers[]>>;
  /** What the view shows, and what it is compared with. */
  readonly shown?: ImageLayers;
  readonly before?: ImageLayers;
}

const key = 'shipshape.layers';
const mostFiles = 20;
const mostPerFile = 6;

/** What the images of this workspace weighed: kept, as the images themselves are soon removed. */
export class LayerRecords {
  readonly #memento: Memento;
  readonly #changed = new EventEmitter<void>();
  readonly onDidChange: Event<void> = this.#changed.event;
  /** Worked out again only when something has changed. */
  readonly #reports = new Map<string, LayerReport | undefined>();

  constructor(memento: Memento) {
    this.#memento = memento;
  }

  /** What the view shows. */
  get shown(): LayerReport | undefined {
    return this.#report(
      '',
      () => this.#kept().shown,
      () => this.#kept().before,
    );
  }

  /** Of the newest build of a Dockerfile, whichever its target was. */
  of(uri: string): LayerReport | undefined {
    const newest = () => this.#kept().built[uri]?.[0];
    return this.#report(uri, newest, () => this.#before(newest()));
  }

  /** Of the newest build of a Dockerfile, or of one stage of it. */
  newest(uri: string, target?: string): ImageLayers | undefined {
    const built = this.#kept().built[uri] ?? [];
    return target === undefined ? built[0] : built.find(({ source }) => source?.target === target);
  }

  /** Adds what was just built, and shows it. The same image built again takes the place of the first. */
  async add(layers: ImageLayers): Promise<void> {
    const { built } = this.#kept();
    const uri = layers.source?.uri ?? '';
    const others = (built[uri] ?? []).filter((each) => each.id !== layers.id || !isOfSameTarget(each, layers));
    const { [uri]: _, ...rest } = built;
    const files = Object.entries(rest).slice(0, mostFiles - 1);
    // The file built last comes first, so that the oldest go.
    await this.#keep(
      { built: { [uri]: [layers, ...others].slice(0, mostPerFile), ...Object.fromEntries(files) } },
      layers,
    );
  }

  /** Shows an image, compared with another one or with its build before. */
  async show(layers: ImageLayers, before?: ImageLayers): Promise<void> {
    await this.#keep({ built: this.#kept().built }, layers, before);
  }

  dispose(): void {
    this.#changed.dispose();
  }

  async #keep(kept: Kept, shown: ImageLayers, chosen?: ImageLayers): Promise<void> {
    const before = chosen ?? beforeIn(kept, shown);
    await this.#memento.update(key, { ...kept, shown, ...(before && { before }) });
    this.#reports.clear();
    this.#changed.fire();
  }

  #before(layers: ImageLayers | undefined): ImageLayers | undefined {
    return layers && beforeIn(this.#kept(), layers);
  }

  #report(
    name: string,
    layers: () => ImageLayers | undefined,
    before: () => ImageLayers | undefined,
  ): LayerReport | undefined {
    if (!this.#reports.has(name)) {
      const found = layers();
      this.#reports.set(name, found && reportOf(found, before()));
    }
    return this.#reports.get(name);
  }

  #kept(): Kept {
    return this.#memento.get<Kept>(key, { built: {} });
  }
}

/** The build before of the same Dockerfile and stage. */
function beforeIn({ built }: Kept, layers: ImageLayers): ImageLayers | undefined {
  const same = built[layers.source?.uri ?? '']?.filter((each) => isOfSameTarget(each, layers)) ?? [];
  return same.find(({ id, at }) => id !== layers.id && at <= layers.at);
}

function isOfSameTarget(a: ImageLayers, b: ImageLayers): boolean {
  return a.source?.target === b.source?.target;
}
