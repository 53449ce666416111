import {
  Engine,
  LocateRequest,
  Location,
} from '@skein/backstage-plugin-dataset-migrations-node';
import { MemoryEngine } from './MemoryEngine';

/** Memory engines, one for each dataset, as a store holds many tables. */
export class PlacingEngine implements Engine {
  readonly id = 'memory';
  private readonly places = new Map<string, MemoryEngine>();

  /** The place of one dataset. */
  of(entityRef: string): MemoryEngine {
    const place = this.places.get(entityRef) ?? new MemoryEngine(10);
    this.places.set(entityRef, place);
    return place;
  }

  async locate({ entityRef }: LocateRequest): Promise<Location> {
    return {
      engine: this.id,
      connection: 'test',
      key: `memory:${entityRef}`,
      display: `test.${entityRef}`,
      detail: { entityRef },
    };
  }

  inspect = async (location: Location) =>
    this.at({ location }).inspect(location);
  plan: Engine['plan'] = async request => this.at(request).plan(request);
  preflight: Engine['preflight'] = request =>
    this.at(request).preflight(request);
  preview: Engine['preview'] = request => this.at(request).preview(request);
  fence = (...[run]: Parameters<Engine['fence']>) => this.at(run).fence(run);
  phase = (...[run]: Parameters<Engine['phase']>) => this.at(run).phase(run);
  prepare = (...[run]: Parameters<Engine['prepare']>) =>
    this.at(run).prepare(run);
  copyChunk = (...[run, report]: Parameters<Engine['copyChunk']>) =>
    this.at(run).copyChunk(run, report);
  catchUp = (...[run]: Parameters<Engine['catchUp']>) =>
    this.at(run).catchUp(run);
  verify = (...[run]: Parameters<Engine['verify']>) => this.at(run).verify(run);
  cutOver = (...[run]: Parameters<Engine['cutOver']>) =>
    this.at(run).cutOver(run);
  rollback = (...[run]: Parameters<Engine['rollback']>) =>
    this.at(run).rollback(run);
  retire = (...[run]: Parameters<Engine['retire']>) => this.at(run).retire(run);
  abandon = (...[run]: Parameters<Engine['abandon']>) =>
    this.at(run).abandon(run);
  cleanUp = (...[run]: Parameters<Engine['cleanUp']>) =>
    this.at(run).cleanUp(run);

  private at({ location }: { location: Location }): MemoryEngine {
    return this.of(String(location.detail.entityRef));
  }
}
