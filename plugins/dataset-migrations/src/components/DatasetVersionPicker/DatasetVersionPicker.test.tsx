import { Stepper } from '@backstage/plugin-scaffolder-react/alpha';
import {
  Dataset,
  DatasetMigrationsApi,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { fakeApi, responseError } from '../../__testUtils__/fakeApi';
import { FLIGHTS, flightsDataset } from '../../__testUtils__/flights';
import { renderAt } from '../../__testUtils__/render';
import { datasetVersionPickerOptions, datasetVersionPickerSchema } from '.';

const ZIPCODES = 'resource:default/zipcodes';
const WEATHER = 'resource:default/weather';

const datasets: Record<string, Dataset> = {
  [FLIGHTS]: flightsDataset(),
  [ZIPCODES]: flightsDataset({
    entityRef: ZIPCODES,
    title: 'Zip codes',
    nextVersion: '2.0.0',
    versions: [
      { version: '1.0.0', state: 'current', status: 'active' },
      { version: '1.1.0', state: 'proposed', status: 'proposed' },
      { version: '2.0.0', state: 'proposed', status: 'proposed' },
    ],
  }),
  [WEATHER]: flightsDataset({
    entityRef: WEATHER,
    title: 'Weather',
    nextVersion: undefined,
    versions: [{ version: '1.0.0', state: 'current', status: 'active' }],
  }),
};

const getDataset: DatasetMigrationsApi['getDataset'] = async ref => {
  const dataset = datasets[ref];
  if (!dataset) {
    throw await responseError(404, 'NotFoundError', `No dataset '${ref}'`);
  }
  return dataset;
};

/** The scaffolder's own form: a field that chooses the dataset, and ours. */
async function open(
  options: {
    api?: Partial<DatasetMigrationsApi>;
    initialState?: Record<string, string>;
    datasetField?: string;
  } = {},
) {
  const { api, initialState = {}, datasetField } = options;
  const onCreate = jest.fn(async () => {});
  const manifest = {
    title: 'Migrate a dataset',
    steps: [
      {
        title: 'What to migrate',
        schema: {
          type: 'object',
          required: ['version'],
          properties: {
            [datasetField ?? 'dataset']: {
              title: 'Dataset',
              type: 'string',
              enum: [FLIGHTS, ZIPCODES, WEATHER, 'zipcodes', 'resource:gone'],
              'ui:widget': 'radio',
            },
            version: {
              title: 'Version',
              type: 'string',
              'ui:field': 'DatasetVersionPicker',
              ...(datasetField && { 'ui:options': { datasetField } }),
            },
          },
        },
      },
    ],
  };
  await renderAt(
    <Stepper
      manifest={manifest}
      extensions={[datasetVersionPickerOptions]}
      initialState={initialState}
      onCreate={onCreate}
      components={{ createButtonText: 'Create' }}
    />,
    '/',
    { api: fakeApi({ getDataset, ...api }) },
  );
  return { onCreate };
}

const picker = () => screen.getByRole('button', { name: /^Version/ });
const choose = (dataset: string) =>
  userEvent.click(screen.getByRole('radio', { name: dataset }));
const press = async (name: string) =>
  userEvent.click(await screen.findByRole('button', { name }));
const shows = (text: string) =>
  waitFor(() => expect(picker()).toHaveTextContent(text));

async function pick(version: RegExp) {
  await userEvent.click(picker());
  await userEvent.click(await screen.findByRole('option', { name: version }));
}

describe('DatasetVersionPicker', () => {
  it('waits for a dataset, and says so', async () => {
    await open();
    expect(picker()).toHaveAttribute('aria-disabled', 'true');
    expect(picker()).toHaveAccessibleDescription('Choose the dataset first.');
  });

  it('offers the versions of the dataset with what they are, the next one chosen', async () => {
    const { onCreate } = await open();
    await choose(FLIGHTS);
    await shows('2.0.0');
    expect(picker()).toHaveAccessibleDescription(
      'Flights is at version 1.0.0.',
    );

    await userEvent.click(picker());
    const names = (await screen.findAllByRole('option')).map(
      option => option.textContent,
    );
    expect(names).toEqual(['2.0.0\u2002next, proposed', '3.0.0\u2002draft']);
    await userEvent.click(screen.getByRole('option', { name: /3\.0\.0/ }));

    await press('Review');
    await press('Create');
    expect(onCreate).toHaveBeenCalledWith(
      expect.objectContaining({ dataset: FLIGHTS, version: '3.0.0' }),
    );
  });

  it('follows the dataset as long as nobody has chosen a version', async () => {
    await open();
    await choose(FLIGHTS);
    await shows('2.0.0');
    await choose(WEATHER);
    await waitFor(() =>
      expect(picker()).toHaveAccessibleDescription(
        'Weather has no version to migrate to: it is at 1.0.0.',
      ),
    );
    expect(picker()).toHaveAttribute('aria-disabled', 'true');
    await choose(ZIPCODES);
    await shows('2.0.0');
  });

  it('clears a chosen version that another dataset does not offer, and chooses no other one', async () => {
    await open();
    await choose(FLIGHTS);
    await shows('2.0.0');
    await pick(/3\.0\.0/);
    await choose(ZIPCODES);
    await waitFor(() =>
      expect(picker()).toHaveAccessibleDescription(
        'Zip codes does not offer version 3.0.0. Choose another one.',
      ),
    );
    expect(picker()).not.toHaveTextContent(/\d/);
    // Which the browser says when one tries to go on.
    expect(screen.getByDisplayValue('')).toBeInvalid();
  });

  it('keeps a chosen version that the other dataset offers, too', async () => {
    await open({ initialState: { dataset: ZIPCODES, version: '1.1.0' } });
    await shows('1.1.0');
    await pick(/2\.0\.0/);
    await choose(FLIGHTS);
    await waitFor(() =>
      expect(picker()).toHaveAccessibleDescription(/^Flights is at/),
    );
    expect(picker()).toHaveTextContent('2.0.0');
  });

  it('reads the field that ui:options names, and short entity refs as the actions do', async () => {
    await open({ datasetField: 'source' });
    await choose('zipcodes');
    await shows('2.0.0');
    expect(picker()).toHaveAccessibleDescription(
      'Zip codes is at version 1.0.0.',
    );
  });

  it('says that it loads, what went wrong, and asks again', async () => {
    const answers: Array<(dataset: Dataset | Error) => void> = [];
    await open({
      api: {
        getDataset: () =>
          new Promise((resolve, reject) =>
            answers.push(answer =>
              answer instanceof Error ? reject(answer) : resolve(answer),
            ),
          ),
      },
    });
    await choose(FLIGHTS);
    await waitFor(() => expect(answers).toHaveLength(1));
    expect(picker()).toHaveAccessibleDescription(
      `Loading the versions of ${FLIGHTS}…`,
    );
    expect(picker()).toHaveAttribute('aria-disabled', 'true');

    answers[0](
      await responseError(503, 'ServiceUnavailableError', 'try later'),
    );
    expect(await screen.findByText('try later')).toBeInTheDocument();
    expect(picker()).toHaveAccessibleDescription(
      `The versions of ${FLIGHTS} could not be loaded.`,
    );

    await press('Try again');
    await waitFor(() => expect(answers).toHaveLength(2));
    answers[1](flightsDataset());
    await shows('2.0.0');
    expect(screen.queryByText('try later')).not.toBeInTheDocument();
  });

  it('says what is wrong with a reference to no dataset', async () => {
    await open();
    await choose('resource:gone');
    expect(
      await screen.findByText("No dataset 'resource:default/gone'"),
    ).toBeInTheDocument();
  });

  it('names the problems of a dataset that therefore has no version to go to', async () => {
    await open({
      api: {
        getDataset: async () =>
          flightsDataset({
            currentVersion: undefined,
            nextVersion: undefined,
            versions: [],
            problems: [
              { path: 'spec.contracts[0].version', message: 'is missing' },
            ],
          }),
      },
    });
    await choose(FLIGHTS);
    expect(
      await screen.findByText('spec.contracts[0].version'),
    ).toBeInTheDocument();
    expect(picker()).toHaveAccessibleDescription(
      'Flights has no version to migrate to.',
    );
  });

  it('warns of a migration that is under way', async () => {
    await open({
      api: {
        getDataset: async () =>
          flightsDataset({ activeMigration: { id: 'm1', state: 'blocked' } }),
      },
    });
    await choose(FLIGHTS);
    await waitFor(() =>
      expect(picker()).toHaveAccessibleDescription(
        /^A migration of Flights is blocked/,
      ),
    );
  });

  it('refuses to go on with a version that is offered no longer, naming it', async () => {
    let versions = flightsDataset().versions;
    const { onCreate } = await open({
      api: { getDataset: async () => flightsDataset({ versions }) },
    });
    await choose(FLIGHTS);
    await shows('2.0.0');
    // Somebody else has migrated the dataset meanwhile.
    versions = [{ version: '2.0.0', state: 'current', status: 'active' }];
    await press('Review');
    expect(
      (
        await screen.findAllByText(
          /Flights does not offer version 2\.0\.0; it has no version to migrate to/,
        )
      ).length,
    ).toBeGreaterThan(0);
    expect(onCreate).not.toHaveBeenCalled();
  });

  it('describes its option to those who write templates', () => {
    expect(datasetVersionPickerSchema.schema).toMatchObject({
      returnValue: { type: 'string' },
      uiOptions: { properties: { datasetField: { type: 'string' } } },
    });
  });
});
