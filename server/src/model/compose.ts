import type { Entry } from '../syntax/yaml/entries.ts';
import type { YamlTree } from '../syntax/yaml/tree.ts';
import type { Range } from '../text/range.ts';
import type { Project } from './project.ts';

/** What Compose would make of one file. How a service's keys are to be read is in `compose-*.ts`, one file for each concept. */
export interface Compose {
  readonly text: string;
  readonly tree: YamlTree;
  readonly project: Project;
  /** The top-level keys, of all documents. */
  readonly top: ReadonlyMap<string, Entry>;
  readonly services: readonly Service[];
  readonly sections: Readonly<Record<SectionName, Section>>;
  /**
   * The file is not the whole project, so a name that is missing here may be elsewhere: it is an override file, it includes
   * or extends another, or it has no services.
   */
  readonly isPartial: boolean;
  findService(name: string): Service | undefined;
}

export interface Service {
  readonly name: string;
  readonly nameRange: Range;
  /** From the name to the end of its value. */
  readonly range: Range;
  /** Its keys, merge keys merged; what is tagged `!reset` is left out. */
  readonly entries: ReadonlyMap<string, Entry>;
  readonly entry: Entry;
  /** It is started only together with one of these; always when empty. */
  readonly profiles: readonly string[];
}

export const sectionNames = ['networks', 'volumes', 'secrets', 'configs'] as const;
export type SectionName = (typeof sectionNames)[number];

/** What the file declares under one of its top-level keys. */
export interface Section {
  readonly entry?: Entry;
  readonly declared: ReadonlyMap<string, Entry>;
}

export type { Entry };
