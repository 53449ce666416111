import { JsonObject, JsonValue } from '@backstage/types';
import {
  formatProblem,
  readYaml,
} from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { TemplateProject } from '../template/evaluate';
import { ProjectText, projectTexts } from './projectTexts';
import { SourceFile, UnreadFile } from './types';

const PROJECT_FILE = /(^|\/)dbt_project\.ya?ml$/;
/** Packages bring models, which are not part of the source. */
const PACKAGES_FILE = /^(packages|dependencies)\.ya?ml$/;
/** What of a source's properties reads its columns, besides the models. */
const CHECKS = /"(tests|data_tests|loaded_at_field|loaded_at_query)":/;
const FRESHNESS = /"\+?(loaded_at_field|loaded_at_query)":/;
const MAX_VARIABLES = 1_000;

/** What a file of SQL is to the project that it belongs to. */
export type FileRole = 'query' | 'macro';

/**
 * A dbt project, as far as its files say: what its sources and models are called,
 * and which variables have values. Nothing of it is run.
 */
export class DbtProject implements TemplateProject {
  private readonly models = new Set<string>();
  private readonly sources = new Map<string, readonly string[]>();
  private readonly variables = new Map<string, string | number | boolean>();
  private readonly modelFolders: string[];
  private readonly macroFolders: string[];
  /** Where models, seeds and snapshots are. */
  private readonly namedFolders: string[];
  /** Where YAML says what is beside it: models, sources, their hooks. */
  private readonly propertyFolders: string[];
  /** Of its YAML, by file. */
  private readonly texts = new Map<string, readonly ProjectText[]>();
  /** Sources whose columns tests read, and the file that says so. */
  private readonly checked: Array<{ names: readonly string[]; file: string }> =
    [];
  /** What of it could not be read. */
  readonly unread: UnreadFile[] = [];
  /** Whether models that are not there read, too. */
  installsPackages = false;

  private constructor(
    private readonly root: string,
    private readonly file: string,
    private readonly settings: JsonObject,
  ) {
    this.modelFolders = this.folders(['model-paths', 'source-paths'], 'models');
    this.macroFolders = this.folders(['macro-paths'], 'macros');
    this.namedFolders = [
      ...this.modelFolders,
      ...this.folders(['seed-paths', 'data-paths'], 'seeds'),
      ...this.folders(['snapshot-paths'], 'snapshots'),
    ];
    this.propertyFolders = [
      ...this.namedFolders,
      ...this.macroFolders,
      ...this.folders(['analysis-paths'], 'analyses'),
    ];
    const { vars, name } = settings;
    this.takeVariables(vars);
    if (isObject(vars) && typeof name === 'string') {
      this.takeVariables(vars[name]);
    }
  }

  /** The projects among files, those inside others first. */
  static async find(files: readonly SourceFile[]): Promise<DbtProject[]> {
    const projects: DbtProject[] = [];
    for (const file of files.filter(({ path }) => PROJECT_FILE.test(path))) {
      const root = file.path.replace(PROJECT_FILE, '$1');
      const { value, problems } = readYaml(await file.text());
      const project = new DbtProject(
        root,
        file.path,
        isObject(value) ? value : {},
      );
      if (problems.length > 0) {
        project.unread.push({
          file: file.path,
          reason: formatProblem(problems[0]),
        });
      }
      projects.push(project);
    }
    projects.sort((a, b) => b.root.length - a.root.length);
    for (const project of projects) {
      const own = files.filter(
        ({ path }) => projects.find(one => one.has(path)) === project,
      );
      await project.readFiles(own);
    }
    return projects;
  }

  has(path: string): boolean {
    return path.startsWith(this.root);
  }

  roleOf(path: string): FileRole {
    return isIn(path, this.macroFolders) ? 'macro' : 'query';
  }

  isModelFile(path: string): boolean {
    return isIn(path, this.modelFolders);
  }

  isModel(name: string): boolean {
    return this.models.has(name);
  }

  source(name: string, table: string): readonly string[] | undefined {
    return this.sources.get(keyOf(name, table));
  }

  sourceTables(): Iterable<readonly string[]> {
    return this.sources.values();
  }

  /** Tests of the sources that are meant, which are not read. */
  unreadChecks(isMeant: (names: readonly string[]) => boolean): UnreadFile[] {
    const files = this.checked
      .filter(({ names }) => isMeant(names))
      .map(({ file }) => file);
    return [...new Set(files)].map(file => ({
      file,
      reason: 'has tests or a freshness of the source, which are not read',
    }));
  }

  /** Whether a file says what the project is, and reads something by its texts alone. */
  isSettings(path: string): boolean {
    return (
      path === this.file ||
      (/\.ya?ml$/i.test(path) && isIn(path, this.propertyFolders)) ||
      PACKAGES_FILE.test(path.slice(this.root.length))
    );
  }

  /** The texts of such a file that may read something, hooks above all. */
  textsOf(path: string): readonly ProjectText[] {
    return this.texts.get(path) ?? [];
  }

  variable(name: string): string | number | boolean | undefined {
    return this.variables.get(name);
  }

  private async readFiles(files: readonly SourceFile[]): Promise<void> {
    for (const file of files) {
      const model = /([^/]+)\.(sql|csv|py)$/i.exec(file.path)?.[1];
      if (model !== undefined) {
        if (isIn(file.path, this.namedFolders)) {
          this.models.add(model);
        }
      } else if (PACKAGES_FILE.test(file.path.slice(this.root.length))) {
        this.installsPackages ||= /^\s*(packages|projects)\s*:/m.test(
          await file.text(),
        );
      } else if (file.path === this.file) {
        // What is wrong with it is known.
        this.texts.set(file.path, projectTexts(await file.text()).texts);
      } else if (this.isSettings(file.path)) {
        this.takeProperties(file.path, await file.text());
      }
    }
  }

  /** A file of properties beside the models, which may declare sources. */
  private takeProperties(path: string, text: string): void {
    const { texts, problem } = projectTexts(text);
    if (problem !== undefined) {
      this.unread.push({ file: path, reason: problem });
      return;
    }
    this.texts.set(path, texts);
    if (/\bsources\s*:/.test(text)) {
      this.takeSources(path, text);
    }
  }

  private takeSources(path: string, text: string): void {
    const { value, problems } = readYaml(text);
    if (problems.length > 0) {
      this.unread.push({ file: path, reason: formatProblem(problems[0]) });
      return;
    }
    for (const source of listIn(value, 'sources')) {
      const { name, schema = name, tables: _tables, ...about } = source;
      const checksAll =
        CHECKS.test(JSON.stringify(about)) ||
        FRESHNESS.test(JSON.stringify(this.settings.sources ?? {}));
      for (const table of listIn(source, 'tables')) {
        const { identifier = table.name } = table;
        if (typeof name === 'string' && typeof table.name === 'string') {
          if (!isPlain(identifier)) {
            this.unread.push({
              file: path,
              reason: `takes the name of ${JSON.stringify(
                `${name}.${table.name}`.slice(0, 100),
              )} from a template`,
            });
          }
          // What a template would give is not known: any schema will do.
          const names = [
            ...(isPlain(schema) ? [schema] : []),
            isPlain(identifier) ? identifier : table.name,
          ];
          this.sources.set(keyOf(name, table.name), names);
          if (checksAll || CHECKS.test(JSON.stringify(table))) {
            this.checked.push({ names, file: path });
          }
        }
      }
    }
  }

  private takeVariables(vars: JsonValue | undefined): void {
    if (isObject(vars)) {
      for (const [name, value] of Object.entries(vars)) {
        const isValue = ['string', 'number', 'boolean'].includes(typeof value);
        if (isValue && this.variables.size < MAX_VARIABLES) {
          this.variables.set(name, value as string | number | boolean);
        }
      }
    }
  }

  /** Folders of the project, each with the root before it and a slash behind. */
  private folders(keys: string[], byDefault: string): string[] {
    const key = keys.find(one => this.settings[one] !== undefined);
    const value = key === undefined ? [byDefault] : this.settings[key];
    const paths = Array.isArray(value) ? value : [value];
    return paths.flatMap((path, index) => {
      const folder = typeof path === 'string' ? inside(path) : undefined;
      if (folder === undefined) {
        this.unread.push({
          file: this.file,
          reason: `${key}[${index}] must be a folder of the project, not ${JSON.stringify(
            path,
          ).slice(0, 100)}`,
        });
        return [];
      }
      return [`${this.root}${folder}`];
    });
  }
}

/** A relative path in its simplest form, with a slash behind it where it is not empty. */
function inside(path: string): string | undefined {
  if (/^([\\/]|[A-Za-z]:)|[\0\\]|\{\{/.test(path)) {
    return undefined;
  }
  const parts = path.split('/').filter(part => part !== '' && part !== '.');
  return parts.includes('..')
    ? undefined
    : parts.map(part => `${part}/`).join('');
}

function isIn(path: string, folders: readonly string[]): boolean {
  return folders.some(folder => path.startsWith(folder));
}

function isPlain(value: JsonValue | undefined): value is string {
  return typeof value === 'string' && !/\{[{%]/.test(value);
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listIn(value: JsonValue | undefined, key: string): JsonObject[] {
  const list = isObject(value) ? value[key] : undefined;
  return Array.isArray(list) ? list.filter(isObject) : [];
}

function keyOf(source: string, table: string): string {
  return JSON.stringify([source, table]);
}
