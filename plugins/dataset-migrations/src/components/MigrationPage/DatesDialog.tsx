import { useCallback, useState } from 'react';
import { useApi } from '@backstage/core-plugin-api';
import DialogContentText from '@material-ui/core/DialogContentText';
import { Migration } from '@skein/backstage-plugin-dataset-migrations-common';
import { datasetMigrationsApiRef } from '../../api';
import { dayOfTime, timeOfDay } from '../../format/readiness';
import { useAction } from '../../hooks/useAction';
import { ConfirmDialog } from '../shared/ConfirmDialog';
import { DayField } from '../shared/DayField';

/** Asks until when consumers are to be ready, and how long the old version stays. */
export function DatesDialog(props: {
  migration: Migration;
  onClose: () => void;
  onUpdated: (migration: Migration) => void;
}) {
  const { migration, onClose, onUpdated } = props;
  const { id, fromVersion, toVersion } = migration;
  const api = useApi(datasetMigrationsApiRef);
  const [deadline, setDeadline] = useState(dayOfTime(migration.deadline));
  const [retirement, setRetirement] = useState(dayOfTime(migration.retirement));
  const request = {
    ...changed('deadline', migration.deadline, deadline),
    ...changed('retirement', migration.retirement, retirement),
  };
  const key = JSON.stringify(request);
  const action = useAction(
    useCallback(async () => {
      onUpdated(await api.setMigrationDates(id, JSON.parse(key)));
    }, [api, id, key, onUpdated]),
  );
  return (
    <ConfirmDialog
      open
      title="Dates for the consumers"
      confirm="Save"
      disabled={key === '{}'}
      action={action}
      onClose={onClose}
    >
      <DialogContentText>
        Owners of consumers are told, and see the dates on their pages. A
        deadline that has passed breaks nobody: it is then up to you to wait, or
        to override.
      </DialogContentText>
      <DayField
        id="dataset-migrations-deadline"
        label="Deadline"
        value={deadline}
        onChange={setDeadline}
        help={`Until the end of that day consumers are asked to be ready for ${toVersion}. Empty for none.`}
      />
      <DayField
        id="dataset-migrations-retirement"
        label="Retirement"
        value={retirement}
        onChange={setRetirement}
        help={`Until the end of that day ${fromVersion} stays beside ${toVersion}, if it is published so. Empty for none.`}
      />
    </ConfirmDialog>
  );
}

/** Only what the user changed is sent. */
function changed(
  name: 'deadline' | 'retirement',
  before: string | undefined,
  day: string,
): { [key: string]: string | null } {
  if (day === dayOfTime(before)) {
    return {};
  }
  return { [name]: day === '' ? null : timeOfDay(day, true) };
}
