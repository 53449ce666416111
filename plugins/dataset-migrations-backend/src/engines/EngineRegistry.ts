import {
  LoggerService,
  RootConfigService,
} from '@backstage/backend-plugin-api';
import { ConflictError, NotFoundError } from '@backstage/errors';
import {
  Engine,
  EngineFactory,
  LocateRequest,
  Location,
} from '@skein/backstage-plugin-dataset-migrations-node';

/** The engines that modules brought, by id. */
export class EngineRegistry {
  private constructor(private readonly engines: Map<string, Engine>) {}

  /** @throws ConflictError when two engines have the same id */
  static async create(options: {
    factories: EngineFactory[];
    config: RootConfigService;
    logger: LoggerService;
  }): Promise<EngineRegistry> {
    const engines = new Map<string, Engine>();
    for (const factory of options.factories) {
      if (engines.has(factory.id)) {
        throw new ConflictError(`There are two engines '${factory.id}'`);
      }
      const engine = await factory.create({
        config: options.config,
        logger: options.logger.child({ engine: factory.id }),
      });
      engines.set(factory.id, engine);
    }
    return new EngineRegistry(engines);
  }

  ids(): string[] {
    return [...this.engines.keys()];
  }

  /** @throws NotFoundError when no module brings that engine */
  get(id: string): Engine {
    const engine = this.engines.get(id);
    if (!engine) {
      throw new NotFoundError(
        `There is no engine '${id}'; installed are: ${
          this.ids().join(', ') || 'none'
        }`,
      );
    }
    return engine;
  }

  /**
   * Asks the engines in the order of their installation whose the contract's
   * server is; the first that knows it holds the dataset.
   * @throws NotAllowedError or InputError, as the engine does
   */
  async locate(request: LocateRequest): Promise<Location | undefined> {
    for (const engine of this.engines.values()) {
      const location = await engine.locate(request);
      if (location) {
        return location;
      }
    }
    return undefined;
  }
}
