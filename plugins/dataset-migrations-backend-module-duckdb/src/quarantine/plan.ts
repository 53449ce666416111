import {
  columnName,
  Mapping,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { formatFieldType } from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { Engine } from '@skein/backstage-plugin-dataset-migrations-node';
import path from 'path';
import { Place } from '../places/Place';
import { relativePath } from '../publishing/manifestFiles';
import { quarantineFolder } from '../publishing/runFolders';
import { ASIDE_COLUMNS } from './splitRows';

/** Columns of the source that would be in the way, as sentences. */
export function asideProblems({ setAside, source }: Mapping): string[] {
  const added = Object.values(ASIDE_COLUMNS);
  return setAside
    ? source
        .map(columnName)
        .filter(name => added.includes(name.toLocaleLowerCase('en-US')))
        .map(
          name =>
            `The column '${name}' has the name of one that the quarantine adds; rename it first`,
        )
    : [];
}

/** Where rows go that are set aside, said before the start. */
export function asideNotes(
  place: Place,
  {
    mapping,
    sourceContract,
    targetContract,
  }: Pick<
    Parameters<Engine['plan']>[0],
    'mapping' | 'sourceContract' | 'targetContract'
  >,
): string[] {
  if (!mapping.setAside) {
    return [];
  }
  const reasons = mapping.setAside.map(
    ({ field, type }) => `${field} cannot be cast to ${formatFieldType(type)}`,
  );
  const folder = path.join(quarantineFolder(place), targetContract.version);
  return [
    `Rows whose ${reasons.join(
      ' or whose ',
    )} go to Parquet files in ${relativePath(
      place.folder,
      folder,
    )}, as they are in version ${
      sourceContract.version
    }; they are not in version ${
      targetContract.version
    }. The manifest names these files. They stay when the old version is cleaned up, and go with a roll back, which brings the rows back with the old version.`,
  ];
}
