import {
  AcceptChangeRequest,
  AcceptedChange,
  AcknowledgeRequest,
  Board,
  BoardRequest,
  Consumer,
  ConsumerVerdict,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { nextVersions } from '@skein/backstage-plugin-dataset-migrations-common/planning';
import {
  findOpenMigration,
  findOpenMigrations,
  isOpen,
  OpenMigration,
} from '../database/operations/migrations/findOpenMigration';
import { getMigration } from '../database/operations/migrations/getMigration';
import { DatasetRecord } from '../datasets/types';
import { PipelineDependencies } from '../pipeline/types';
import { reconsiderBlocked } from '../pipeline/upkeep/reconsiderBlocked';
import { concernsIdOf } from '../planning/concernsId';
import { concernsOf, judgedPlanOf } from '../planning/judge';
import { judgeAnswered, Said } from '../planning/judgeAnswered';
import { resolvePlan } from '../planning/resolvePlan';
import { acceptChange } from './acceptChange';
import { acknowledge } from './acknowledge';
import { boardEntries, boardPage, filterBoard } from './board';
import { boardCsv } from './boardCsv';
import { declarationPatch } from './declarationPatch';
import { AwaitedVersion, Upcoming } from './types';
import { withdrawChange } from './withdrawChange';

/** How far consumers are, and what their owners answer; permissions are the caller's. */
export class ReadinessService {
  constructor(private readonly deps: PipelineDependencies) {}

  /**
   * The versions of datasets that their consumers are asked about: first that of the
   * migration which is under way, or whose old version is still beside the new one, if
   * there is one; then those that are proposed, in their order.
   *
   * @returns in the order of `datasets`
   */
  async upcomings(
    datasets: readonly DatasetRecord[],
  ): Promise<AwaitedVersion[][]> {
    const open = await findOpenMigrations(
      this.deps.knex,
      datasets.map(({ entityRef }) => entityRef),
    );
    return datasets.map(dataset => {
      const { entityRef, currentVersion, versions } = dataset;
      const migration = open.get(entityRef);
      const others = nextVersions(versions, currentVersion)
        .filter(version => version !== migration?.toVersion)
        .map(version => ({
          version,
          fromVersion: currentVersion,
          find: () => this.resolve(dataset, version),
        }));
      return migration ? [underWay(migration), ...others] : others;
    });
  }

  /**
   * What a version means for one consumer.
   *
   * @param said - where it is read already
   */
  async judge(
    datasetRef: string,
    { plan }: Upcoming,
    consumer: Consumer,
    said?: Said,
  ): Promise<{
    verdict: ConsumerVerdict;
    concerns: string[];
    concernsId: string;
    declaration?: string;
  }> {
    const { verdicts } = await judgeAnswered(this.deps.knex, {
      ...plan,
      ...said,
      datasetRef,
      consumers: [consumer],
      strict: this.deps.settings.strictConstraints,
    });
    const concerns = concernsOf(plan, consumer);
    return {
      verdict: verdicts[0],
      concerns,
      concernsId: concernsIdOf(concerns),
      declaration: declarationPatch(datasetRef, plan, consumer),
    };
  }

  /**
   * Writes what the owner of a consumer answers, and lets the migration that is
   * blocked go on where nobody stands in its way any more: this consumer alone is
   * judged anew.
   *
   * @throws InputError for an answer that is none; NotFoundError when the consumer
   *   does not read the dataset, or the dataset has no such version; ConflictError
   *   when other changes concern the consumer than were shown, or it is too late;
   *   TooManyRequestsError
   */
  async acknowledge(
    consumerRef: string,
    request: AcknowledgeRequest,
    by: string,
  ): Promise<void> {
    const { datasetRef, version } = request;
    const upcoming = await this.wayTo(datasetRef, version);
    await acknowledge(this.deps, { consumerRef, request, by, upcoming });
    await reconsiderBlocked(this.deps, {
      datasetRef,
      consumerRefs: [consumerRef],
    });
  }

  /**
   * The changes on the way to a version, as whoever wants to accept one is judged by:
   * those of the migration that makes them, if one is under way or its old version is
   * still there.
   *
   * @throws NotFoundError for a version without a contract; InputError when no plan
   *   can be made
   */
  async wayTo(datasetRef: string, version: string): Promise<Upcoming> {
    const { knex, directory } = this.deps;
    const open = await findOpenMigration(knex, datasetRef);
    return open?.toVersion === version
      ? upcomingOf(open)
      : this.resolve(await directory.getDataset(datasetRef), version);
  }

  /**
   * Writes that somebody accepts one change: readers that it touches are at risk and
   * do not block, as long as it stays the same. A blocked migration that nobody stands
   * in the way of any more goes on.
   *
   * @param upcoming - as `wayTo` gave it for the target version
   * @throws InputError for a change that is none of these, or touches no reader, and
   *   for an empty reason; ConflictError where it reads otherwise than it was shown, or
   *   is accepted already
   */
  async acceptChange(
    datasetRef: string,
    upcoming: Upcoming,
    request: AcceptChangeRequest,
    by: string,
  ): Promise<AcceptedChange> {
    const accepted = await acceptChange(this.deps, {
      datasetRef,
      upcoming,
      request,
      by,
    });
    await reconsiderBlocked(this.deps, { datasetRef });
    return accepted;
  }

  /**
   * Takes that back, which judges a blocked migration anew; one that is under way
   * stops at the latest before it publishes.
   *
   * @throws ConflictError when somebody took it back already, or it is too late
   */
  async withdrawChange(
    accepted: AcceptedChange,
    by: string,
  ): Promise<AcceptedChange> {
    const withdrawn = await withdrawChange(this.deps, accepted, by);
    const { datasetRef } = accepted;
    await reconsiderBlocked(this.deps, { datasetRef });
    return withdrawn;
  }

  /**
   * A page of the consumers of a migration. While they are still asked, they are
   * judged as of now; afterwards they are as they were judged last.
   *
   * @throws NotFoundError; InputError for a cursor that no earlier page gave
   */
  async board(id: string, request: BoardRequest): Promise<Board> {
    const { record, verdicts, current } = await this.consumersOf(id);
    return {
      ...boardPage(boardEntries(record, verdicts), request),
      current,
    };
  }

  /** The same as lines of CSV, all pages. */
  async boardCsv(id: string, request: BoardRequest): Promise<string> {
    const { record, verdicts } = await this.consumersOf(id);
    return boardCsv(filterBoard(boardEntries(record, verdicts), request));
  }

  private async consumersOf(id: string) {
    const { knex, directory, settings } = this.deps;
    const record = await getMigration(knex, id);
    const { datasetRef } = record;
    const current = isOpen(record);
    if (!current) {
      return { record, verdicts: record.verdicts ?? [], current };
    }
    const { verdicts } = await judgeAnswered(knex, {
      ...judgedPlanOf(record),
      datasetRef,
      consumers: await directory.getConsumers(datasetRef),
      strict: settings.strictConstraints,
    });
    return { record, verdicts, current };
  }

  private async resolve(
    dataset: DatasetRecord,
    version: string,
  ): Promise<Upcoming> {
    const { agents, grades } = this.deps;
    const plan = await resolvePlan(dataset, version, agents, grades);
    return { version, plan };
  }
}

function underWay(migration: OpenMigration): AwaitedVersion {
  return {
    version: migration.toVersion,
    fromVersion: migration.fromVersion,
    migration,
    find: async () => upcomingOf(migration),
  };
}

function upcomingOf(migration: OpenMigration): Upcoming {
  return {
    version: migration.toVersion,
    plan: judgedPlanOf(migration),
    migration,
  };
}
