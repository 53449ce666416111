// Generated from openapi.yaml by `yarn generate`. Do not edit.
import { internal } from '@backstage/backend-openapi-utils';

export const spec: internal.ImmutableOpenAPIObject = {
  openapi: '3.0.3',
  info: {
    title: 'dataset-migrations',
    version: '1',
    description:
      'Migrates datasets from one schema version to the next. Served under\n`/api/dataset-migrations`. Callers are users and services of the portal\n(`Authorization: Bearer`); what they may is decided by the permissions\n`dataset.read`, `dataset.data.read`, `dataset.migrate`,\n`dataset.migrate.override` and `dataset.delivery.redeliver`, each on the\ndataset in question, `dataset.consumer.acknowledge` on the consumer, and\n`dataset.campaign.manage`. Lists show what the caller may read.\n\nWhatever changes something answers 202: it is written down and goes on\nin the background.\n',
    license: {
      name: 'Apache-2.0',
      url: 'http://www.apache.org/licenses/LICENSE-2.0.html',
    },
  },
  servers: [{ url: '/' }],
  tags: [
    {
      name: 'datasets',
      description: 'Datasets, their versions and their consumers',
    },
    {
      name: 'plans',
      description: 'What a migration would do; changes nothing',
    },
    {
      name: 'migrations',
      description: 'Migrations of datasets from one version to another',
    },
    {
      name: 'campaigns',
      description: 'Many migrations, started in batches within limits',
    },
    {
      name: 'deliveries',
      description: 'Notifications about migrations and campaigns',
    },
    { name: 'queue', description: 'The work that waits, and the workers' },
  ],
  paths: {
    '/datasets': {
      get: {
        operationId: 'listDatasets',
        tags: ['datasets'],
        summary: 'Lists datasets, by entity ref',
        parameters: [
          {
            name: 'search',
            in: 'query',
            description: 'Part of the title or the entity ref, in any case',
            schema: { type: 'string', maxLength: 200, pattern: '^[^\\x00]+$' },
          },
          {
            name: 'owner',
            in: 'query',
            description: 'Entity ref of the owner',
            schema: { $ref: '#/components/schemas/EntityRef' },
          },
          {
            name: 'engine',
            in: 'query',
            description: 'Id of the engine that holds the dataset',
            schema: { type: 'string', maxLength: 100, pattern: '^[^\\x00]+$' },
          },
          {
            name: 'status',
            in: 'query',
            description:
              'Only datasets with an active migration, with a next version, or with problems',
            schema: {
              type: 'string',
              enum: ['active', 'upgradable', 'problem'],
            },
          },
          { $ref: '#/components/parameters/cursor' },
          { $ref: '#/components/parameters/limit' },
        ],
        responses: {
          '200': {
            description: 'A page of datasets',
            content: {
              'application/json': {
                schema: {
                  allOf: [
                    { $ref: '#/components/schemas/Page' },
                    {
                      type: 'object',
                      required: ['items', 'engines'],
                      properties: {
                        engines: {
                          type: 'array',
                          description:
                            'Ids of all engines that are installed, whatever the filter',
                          items: { type: 'string' },
                        },
                        items: {
                          type: 'array',
                          items: {
                            $ref: '#/components/schemas/DatasetSummary',
                          },
                        },
                      },
                    },
                  ],
                },
              },
            },
          },
          default: { $ref: '#/components/responses/Error' },
        },
      },
    },
    '/datasets/{kind}/{namespace}/{name}': {
      parameters: [
        { $ref: '#/components/parameters/kind' },
        { $ref: '#/components/parameters/namespace' },
        { $ref: '#/components/parameters/name' },
      ],
      get: {
        operationId: 'getDataset',
        tags: ['datasets'],
        summary:
          'Gets a dataset with its contracts and what the store itself says',
        responses: {
          '200': {
            description: 'The dataset',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/Dataset' },
              },
            },
          },
          default: { $ref: '#/components/responses/Error' },
        },
      },
    },
    '/datasets/{kind}/{namespace}/{name}/consumers': {
      parameters: [
        { $ref: '#/components/parameters/kind' },
        { $ref: '#/components/parameters/namespace' },
        { $ref: '#/components/parameters/name' },
      ],
      get: {
        operationId: 'getConsumers',
        tags: ['datasets'],
        summary:
          'Judges the consumers of a dataset for the move to another version',
        parameters: [
          {
            name: 'targetVersion',
            in: 'query',
            description:
              'The next version when absent; the current one when there is none',
            schema: { $ref: '#/components/schemas/Version' },
          },
          {
            name: 'limit',
            in: 'query',
            description:
              'Consumers to return, all of them when absent; 0 for the counts alone',
            schema: { type: 'integer', minimum: 0 },
          },
        ],
        responses: {
          '200': {
            description:
              'Consumers with their verdicts, and how many have which',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/ConsumersResponse' },
              },
            },
          },
          default: { $ref: '#/components/responses/Error' },
        },
      },
    },
    '/datasets/{kind}/{namespace}/{name}/accepted-changes': {
      parameters: [
        { $ref: '#/components/parameters/kind' },
        { $ref: '#/components/parameters/namespace' },
        { $ref: '#/components/parameters/name' },
      ],
      get: {
        operationId: 'listAcceptedChanges',
        tags: ['datasets'],
        summary:
          'Lists what was ever accepted of the changes of a dataset, the last one first',
        parameters: [
          {
            name: 'targetVersion',
            in: 'query',
            description: 'Only those on the way to this version',
            schema: { $ref: '#/components/schemas/Version' },
          },
          { $ref: '#/components/parameters/cursor' },
          { $ref: '#/components/parameters/limit' },
        ],
        responses: {
          '200': {
            description:
              'A page of accepted changes, also of those that were taken back',
            content: {
              'application/json': {
                schema: {
                  allOf: [
                    { $ref: '#/components/schemas/Page' },
                    {
                      type: 'object',
                      properties: {
                        items: {
                          type: 'array',
                          items: {
                            $ref: '#/components/schemas/AcceptedChange',
                          },
                        },
                      },
                    },
                  ],
                },
              },
            },
          },
          default: { $ref: '#/components/responses/Error' },
        },
      },
      post: {
        operationId: 'acceptChange',
        tags: ['datasets'],
        summary:
          'Accepts one change on the way to a version, with a reason that is kept',
        description:
          'Needs `dataset.migrate.override`. The change is named as the plan names it, and\ncounts as `risky` from then on, as long as it stays exactly that: readers that it\ntouches are at risk, with who accepted it and why, and do not block. The version\nthat it needs stays the same. 400 for a change that the plan does not have, or\nthat is compatible; 409 where it reads otherwise by now, or is accepted already.\nA migration that nobody else keeps blocked goes on, and whom the change concerns\nis told.\n',
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: {
                type: 'object',
                additionalProperties: false,
                required: ['targetVersion', 'rule', 'summary', 'reason'],
                properties: {
                  targetVersion: { $ref: '#/components/schemas/Version' },
                  rule: {
                    type: 'string',
                    description: 'Id of the rule that judged it',
                    maxLength: 100,
                    pattern: '^[^\\x00]+$',
                  },
                  object: {
                    type: 'string',
                    description:
                      'The schema object in the old version, where the contract has several',
                    maxLength: 1000,
                    pattern: '^[^\\x00]+$',
                  },
                  field: {
                    type: 'string',
                    description:
                      'Name of the field in the old version, or of an added one in the new\nversion; absent for changes of a whole object, and of the dataset\n',
                    maxLength: 2000,
                    pattern: '^[^\\x00]+$',
                  },
                  summary: {
                    type: 'string',
                    description: 'Its sentence, as the caller was shown it',
                    maxLength: 8000,
                    pattern: '^[^\\x00]+$',
                  },
                  reason: {
                    allOf: [
                      { $ref: '#/components/schemas/Reason' },
                      { maxLength: 500 },
                    ],
                    description: 'Why readers can bear it; shown to them',
                  },
                },
              },
            },
          },
        },
        responses: {
          '202': {
            description: 'What is accepted now',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/AcceptedChange' },
              },
            },
          },
          default: { $ref: '#/components/responses/Error' },
        },
      },
    },
    '/datasets/{kind}/{namespace}/{name}/accepted-changes/{id}/withdraw': {
      parameters: [
        { $ref: '#/components/parameters/kind' },
        { $ref: '#/components/parameters/namespace' },
        { $ref: '#/components/parameters/name' },
        { $ref: '#/components/parameters/id' },
      ],
      post: {
        operationId: 'withdrawAcceptedChange',
        tags: ['datasets'],
        summary: 'Takes back that a change is accepted',
        description:
          'Needs `dataset.migrate.override`. The change is as grave as it was, and whoever\nreads what changes blocks again. 409 where it was taken back already, and while\nthe version is being published, or the old one retired.\n',
        requestBody: { $ref: '#/components/requestBodies/Empty' },
        responses: {
          '202': {
            description: 'What was accepted, with who took it back',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/AcceptedChange' },
              },
            },
          },
          default: { $ref: '#/components/responses/Error' },
        },
      },
    },
    '/datasets/{kind}/{namespace}/{name}/reach': {
      parameters: [
        { $ref: '#/components/parameters/kind' },
        { $ref: '#/components/parameters/namespace' },
        { $ref: '#/components/parameters/name' },
      ],
      get: {
        operationId: 'getReach',
        tags: ['datasets'],
        summary:
          'Finds whom the move of a dataset to another version reaches, wave by wave',
        description:
          'Consumers of the dataset, the datasets that they make, the consumers of these, and\nso on, as long as contracts change because of it, or may. Who is in several waves\nis in the first. It ends after 10 waves, or 10,000 entities.\n',
        parameters: [
          {
            name: 'targetVersion',
            in: 'query',
            description:
              'The next version when absent; the current one when there is none',
            schema: { $ref: '#/components/schemas/Version' },
          },
        ],
        responses: {
          '200': {
            description:
              'The waves; what the caller may not read is counted and not named',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/ReachResponse' },
              },
            },
          },
          default: { $ref: '#/components/responses/Error' },
        },
      },
    },
    '/datasets/{kind}/{namespace}/{name}/subscription': {
      parameters: [
        { $ref: '#/components/parameters/kind' },
        { $ref: '#/components/parameters/namespace' },
        { $ref: '#/components/parameters/name' },
      ],
      get: {
        operationId: 'getSubscription',
        tags: ['datasets'],
        summary: 'Says whether the caller follows a dataset',
        responses: {
          '200': {
            description: 'Whether they do, and could',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/Subscription' },
              },
            },
          },
          default: { $ref: '#/components/responses/Error' },
        },
      },
      post: {
        operationId: 'setSubscription',
        tags: ['datasets'],
        summary: 'Follows a dataset, or no longer',
        description:
          'A user is told how its migrations go without reading it. Needs\n`dataset.read`; to follow no longer needs nothing. The same once more changes\nnothing. 403 for services, 409 where people are not told at all.\n',
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: {
                type: 'object',
                additionalProperties: false,
                required: ['following'],
                properties: { following: { type: 'boolean' } },
              },
            },
          },
        },
        responses: {
          '200': {
            description: 'What is so now',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/Subscription' },
              },
            },
          },
          default: { $ref: '#/components/responses/Error' },
        },
      },
    },
    '/datasets/{kind}/{namespace}/{name}/plan': {
      parameters: [
        { $ref: '#/components/parameters/kind' },
        { $ref: '#/components/parameters/namespace' },
        { $ref: '#/components/parameters/name' },
      ],
      post: {
        operationId: 'planMigration',
        tags: ['plans'],
        summary: 'Plans the migration to a version, from metadata only',
        description:
          'Where the version is too low a bump for what changes the answer is 400, and\n`error.lowestVersion` is the lowest one that would do, `error.requiredBump` the\nstep that it is.\n',
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: {
                type: 'object',
                additionalProperties: false,
                required: ['targetVersion'],
                properties: {
                  targetVersion: { $ref: '#/components/schemas/Version' },
                  policy: {
                    description:
                      'What the engine plans for; the policy that the answer proposes when absent',
                    allOf: [{ $ref: '#/components/schemas/Policy' }],
                  },
                },
              },
            },
          },
        },
        responses: {
          '200': {
            description: 'The plan',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/PlanResponse' },
              },
            },
          },
          default: { $ref: '#/components/responses/Error' },
        },
      },
    },
    '/datasets/{kind}/{namespace}/{name}/preview': {
      parameters: [
        { $ref: '#/components/parameters/kind' },
        { $ref: '#/components/parameters/namespace' },
        { $ref: '#/components/parameters/name' },
      ],
      post: {
        operationId: 'previewMigration',
        tags: ['plans'],
        summary: 'Shows real rows before and after; needs dataset.data.read',
        description:
          'Values of fields that the contract classifies are masked. Nothing is kept.',
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: {
                type: 'object',
                additionalProperties: false,
                required: ['targetVersion'],
                properties: {
                  targetVersion: { $ref: '#/components/schemas/Version' },
                  limit: {
                    type: 'integer',
                    minimum: 1,
                    maximum: 100,
                    default: 10,
                  },
                },
              },
            },
          },
        },
        responses: {
          '200': {
            description: 'Rows before and after',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/PreviewResponse' },
              },
            },
          },
          default: { $ref: '#/components/responses/Error' },
        },
      },
    },
    '/datasets/{kind}/{namespace}/{name}/preflight': {
      parameters: [
        { $ref: '#/components/parameters/kind' },
        { $ref: '#/components/parameters/namespace' },
        { $ref: '#/components/parameters/name' },
      ],
      post: {
        operationId: 'startPreflight',
        tags: ['plans'],
        summary: 'Scans the data for rows that would not pass, as a job',
        requestBody: { $ref: '#/components/requestBodies/Target' },
        responses: {
          '202': {
            description: 'The preflight, which goes on in the background',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/PreflightReport' },
              },
            },
          },
          default: { $ref: '#/components/responses/Error' },
        },
      },
    },
    '/datasets/{kind}/{namespace}/{name}/preflight/{id}': {
      parameters: [
        { $ref: '#/components/parameters/kind' },
        { $ref: '#/components/parameters/namespace' },
        { $ref: '#/components/parameters/name' },
        { $ref: '#/components/parameters/id' },
      ],
      get: {
        operationId: 'getPreflight',
        tags: ['plans'],
        summary:
          'Gets a preflight; offending values only with dataset.data.read',
        responses: {
          '200': {
            description: 'The preflight',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/PreflightReport' },
              },
            },
          },
          default: { $ref: '#/components/responses/Error' },
        },
      },
    },
    '/consumers/{kind}/{namespace}/{name}/datasets': {
      parameters: [
        { $ref: '#/components/parameters/kind' },
        { $ref: '#/components/parameters/namespace' },
        { $ref: '#/components/parameters/name' },
      ],
      get: {
        operationId: 'getConsumedDatasets',
        tags: ['datasets'],
        summary:
          'Lists the datasets that an entity reads, with its verdicts for the versions that come',
        responses: {
          '200': {
            description: 'The datasets',
            content: {
              'application/json': {
                schema: {
                  type: 'object',
                  required: ['items'],
                  properties: {
                    items: {
                      type: 'array',
                      maxItems: 500,
                      description:
                        'Of who reads more, first those of which something comes',
                      items: { $ref: '#/components/schemas/ConsumedDataset' },
                    },
                    omitted: {
                      type: 'integer',
                      description: 'How many are left out, where it reads more',
                    },
                  },
                },
              },
            },
          },
          default: { $ref: '#/components/responses/Error' },
        },
      },
    },
    '/consumers/{kind}/{namespace}/{name}/acknowledgements': {
      parameters: [
        { $ref: '#/components/parameters/kind' },
        { $ref: '#/components/parameters/namespace' },
        { $ref: '#/components/parameters/name' },
      ],
      post: {
        operationId: 'acknowledge',
        tags: ['datasets'],
        summary:
          'Says that a consumer is ready for a version of a dataset, or needs more time',
        description:
          'Needs `dataset.consumer.acknowledge`, which owners of the consumer have. The\nlast answer counts, and speaks of the changes that concern the consumer\nnow: an acknowledgement counts no longer once they are others. The same answer\nonce more changes nothing; 429 for more than 300 answers a minute. A migration\nthat nobody else keeps blocked goes on.\n',
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: {
                type: 'object',
                additionalProperties: false,
                required: ['datasetRef', 'version', 'answer'],
                properties: {
                  datasetRef: { $ref: '#/components/schemas/EntityRef' },
                  version: { $ref: '#/components/schemas/Version' },
                  answer: {
                    type: 'string',
                    description: '`withdrawn` takes the last answer back',
                    enum: ['ready', 'more-time', 'withdrawn'],
                  },
                  date: {
                    allOf: [{ $ref: '#/components/schemas/Timestamp' }],
                    description:
                      'Ready from then on, at once when absent; or until when more time\nis needed\n',
                  },
                  reason: { $ref: '#/components/schemas/Reason' },
                  concernsId: {
                    allOf: [{ $ref: '#/components/schemas/ConcernsId' }],
                    description:
                      '`concernsId` of the version as the caller was shown it; must be\ngiven for `ready`, and is refused with 409 where other changes\nconcern the consumer by now\n',
                  },
                },
              },
            },
          },
        },
        responses: {
          '202': {
            description: 'What is so of consumer and dataset now',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/ConsumedDataset' },
              },
            },
          },
          default: { $ref: '#/components/responses/Error' },
        },
      },
    },
    '/consumers/{kind}/{namespace}/{name}/webhook-secrets': {
      parameters: [
        { $ref: '#/components/parameters/kind' },
        { $ref: '#/components/parameters/namespace' },
        { $ref: '#/components/parameters/name' },
      ],
      get: {
        operationId: 'getWebhookSecrets',
        tags: ['deliveries'],
        summary:
          "Tells a consumer's owner the secrets that callbacks to it are signed with",
        description:
          'Derived for this consumer alone, one of each master key that is configured,\nthe newest first. Needs `dataset.consumer.secret.read`, and a user has to own\nthe consumer. The answer is not to be cached.\n',
        responses: {
          '200': {
            description: 'The secrets, as Standard Webhooks writes them',
            content: {
              'application/json': {
                schema: {
                  type: 'object',
                  required: ['secrets'],
                  properties: {
                    secrets: { type: 'array', items: { type: 'string' } },
                  },
                },
              },
            },
          },
          default: { $ref: '#/components/responses/Error' },
        },
      },
    },
    '/consumers/{kind}/{namespace}/{name}/webhook-secrets/replace': {
      parameters: [
        { $ref: '#/components/parameters/kind' },
        { $ref: '#/components/parameters/namespace' },
        { $ref: '#/components/parameters/name' },
      ],
      post: {
        operationId: 'replaceWebhookSecrets',
        tags: ['deliveries'],
        summary:
          'Replaces the secrets that callbacks to a consumer are signed with',
        description:
          'Those before sign for another day, so that the receiver can change to the new\nones; those before them sign no more. Needs\n`dataset.consumer.secret.replace`, and a user has to own the consumer.\n',
        requestBody: { $ref: '#/components/requestBodies/Empty' },
        responses: {
          '200': {
            description: 'The new secrets, as Standard Webhooks writes them',
            content: {
              'application/json': {
                schema: {
                  type: 'object',
                  required: ['secrets'],
                  properties: {
                    secrets: { type: 'array', items: { type: 'string' } },
                  },
                },
              },
            },
          },
          default: { $ref: '#/components/responses/Error' },
        },
      },
    },
    '/consumers/{kind}/{namespace}/{name}/lineage': {
      parameters: [
        { $ref: '#/components/parameters/kind' },
        { $ref: '#/components/parameters/namespace' },
        { $ref: '#/components/parameters/name' },
      ],
      post: {
        operationId: 'reportLineage',
        tags: ['datasets'],
        summary: "Takes an OpenLineage run event of one of the consumer's jobs",
        description:
          'Needs `dataset.lineage.report`, and of a service that the operator lists it for\nthe consumer and the namespace of the job. The columns that its\n`columnLineage` facets name count as fields that the consumer reads. Events of\none run add to each other; the newest run of a job takes the place of those\nbefore it.\n',
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: {
                type: 'object',
                description: 'An OpenLineage RunEvent',
              },
            },
          },
        },
        responses: {
          '200': {
            description: 'What was taken of it, and what was not and why',
            content: {
              'application/json': {
                schema: {
                  type: 'object',
                  required: ['accepted', 'ignored'],
                  properties: {
                    accepted: {
                      type: 'array',
                      items: {
                        type: 'object',
                        required: ['datasetRef', 'fields'],
                        properties: {
                          datasetRef: {
                            $ref: '#/components/schemas/EntityRef',
                          },
                          fields: { type: 'array', items: { type: 'string' } },
                        },
                      },
                    },
                    written: {
                      type: 'array',
                      description:
                        'The fields of datasets that it told the origin of; absent where there are none',
                      items: {
                        type: 'object',
                        required: ['datasetRef', 'fields'],
                        properties: {
                          datasetRef: {
                            $ref: '#/components/schemas/EntityRef',
                          },
                          fields: { type: 'array', items: { type: 'string' } },
                        },
                      },
                    },
                    ignored: { type: 'array', items: { type: 'string' } },
                  },
                },
              },
            },
          },
          default: { $ref: '#/components/responses/Error' },
        },
      },
    },
    '/migrations': {
      get: {
        operationId: 'listMigrations',
        tags: ['migrations'],
        summary: 'Lists migrations, newest first',
        parameters: [
          {
            name: 'datasetRef',
            in: 'query',
            schema: { $ref: '#/components/schemas/EntityRef' },
          },
          {
            name: 'search',
            in: 'query',
            description: "Part of the dataset's entity ref, in any case",
            schema: { type: 'string', maxLength: 200, pattern: '^[^\\x00]+$' },
          },
          {
            name: 'campaignId',
            in: 'query',
            schema: { $ref: '#/components/schemas/Uuid' },
          },
          {
            name: 'state',
            in: 'query',
            description: 'One state, or several by repeating it',
            explode: true,
            schema: {
              type: 'array',
              maxItems: 9,
              items: { $ref: '#/components/schemas/MigrationState' },
            },
          },
          {
            name: 'startedBy',
            in: 'query',
            description: 'Entity ref of a user, or the subject of a service',
            schema: { type: 'string', maxLength: 250, pattern: '^[^\\x00]+$' },
          },
          {
            name: 'consumerOwner',
            in: 'query',
            description:
              'Entity ref of the owner of consumers: those that wait for their\nconsumers, of datasets that entities of this owner read\n',
            schema: { $ref: '#/components/schemas/EntityRef' },
          },
          { $ref: '#/components/parameters/cursor' },
          { $ref: '#/components/parameters/limit' },
        ],
        responses: {
          '200': {
            description: 'A page of migrations',
            content: {
              'application/json': {
                schema: {
                  allOf: [
                    { $ref: '#/components/schemas/Page' },
                    {
                      type: 'object',
                      required: ['items'],
                      properties: {
                        items: {
                          type: 'array',
                          items: {
                            $ref: '#/components/schemas/MigrationSummary',
                          },
                        },
                      },
                    },
                  ],
                },
              },
            },
          },
          default: { $ref: '#/components/responses/Error' },
        },
      },
      post: {
        operationId: 'startMigration',
        tags: ['migrations'],
        summary: 'Starts a migration',
        description:
          '409 when a migration of the dataset or of its place is active, when the\ndataset is at another version than `expectedVersion`, when an old\nversion still coexists, or when the key was used for another request.\n',
        parameters: [
          {
            name: 'Idempotency-Key',
            in: 'header',
            description:
              'The same key with the same body, from the same caller, gives the\nsame migration; with another body a 409.\n',
            schema: {
              type: 'string',
              minLength: 1,
              maxLength: 255,
              pattern: '^[\\x21-\\x7e]+$',
            },
          },
        ],
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: { $ref: '#/components/schemas/StartMigrationRequest' },
            },
          },
        },
        responses: {
          '202': { $ref: '#/components/responses/Migration' },
          default: { $ref: '#/components/responses/Error' },
        },
      },
    },
    '/migrations/{id}': {
      parameters: [{ $ref: '#/components/parameters/id' }],
      get: {
        operationId: 'getMigration',
        tags: ['migrations'],
        summary: 'Gets a migration with its stages, evidence and report',
        responses: {
          '200': { $ref: '#/components/responses/Migration' },
          default: { $ref: '#/components/responses/Error' },
        },
      },
    },
    '/migrations/{id}/events': {
      parameters: [{ $ref: '#/components/parameters/id' }],
      get: {
        operationId: 'listMigrationEvents',
        tags: ['migrations'],
        summary: 'Gets the log of a migration, oldest first',
        description:
          'The answer always has `nextCursor`; ask with it for what came since.',
        parameters: [
          { $ref: '#/components/parameters/cursor' },
          {
            name: 'limit',
            in: 'query',
            schema: {
              type: 'integer',
              minimum: 1,
              maximum: 1000,
              default: 100,
            },
          },
        ],
        responses: {
          '200': {
            description: 'A part of the log',
            content: {
              'application/json': {
                schema: {
                  type: 'object',
                  required: ['items', 'nextCursor'],
                  properties: {
                    items: {
                      type: 'array',
                      items: { $ref: '#/components/schemas/MigrationEvent' },
                    },
                    nextCursor: { type: 'string' },
                  },
                },
              },
            },
          },
          default: { $ref: '#/components/responses/Error' },
        },
      },
    },
    '/migrations/{id}/consumers': {
      parameters: [{ $ref: '#/components/parameters/id' }],
      get: {
        operationId: 'getBoard',
        tags: ['migrations'],
        summary:
          'Lists the consumers of a migration, who stands in the way first',
        description:
          'Judged as of now while they are still asked, afterwards as they were judged\nlast.\n',
        parameters: [
          { $ref: '#/components/parameters/verdict' },
          { $ref: '#/components/parameters/answer' },
          { $ref: '#/components/parameters/consumerOwner' },
          { $ref: '#/components/parameters/consumerSearch' },
          { $ref: '#/components/parameters/cursor' },
          {
            name: 'limit',
            in: 'query',
            description: 'Items of a page',
            schema: { type: 'integer', minimum: 1, maximum: 500, default: 100 },
          },
        ],
        responses: {
          '200': {
            description: 'A page of consumers',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/Board' },
              },
            },
          },
          default: { $ref: '#/components/responses/Error' },
        },
      },
    },
    '/migrations/{id}/consumers.csv': {
      parameters: [{ $ref: '#/components/parameters/id' }],
      get: {
        operationId: 'getBoardCsv',
        tags: ['migrations'],
        summary: 'The same as CSV (RFC 4180), all pages',
        parameters: [
          { $ref: '#/components/parameters/verdict' },
          { $ref: '#/components/parameters/answer' },
          { $ref: '#/components/parameters/consumerOwner' },
          { $ref: '#/components/parameters/consumerSearch' },
        ],
        responses: {
          '200': {
            description: 'A line for each consumer',
            content: { 'text/csv': { schema: { type: 'string' } } },
          },
          default: { $ref: '#/components/responses/Error' },
        },
      },
    },
    '/migrations/{id}/blockers': {
      parameters: [{ $ref: '#/components/parameters/id' }],
      get: {
        operationId: 'getBlockers',
        tags: ['migrations'],
        summary: 'Lists all whom an override of the migration would break now',
        responses: {
          '200': {
            description: 'The consumers',
            content: {
              'application/json': {
                schema: {
                  type: 'object',
                  required: ['items', 'concernsId'],
                  properties: {
                    items: {
                      type: 'array',
                      items: { $ref: '#/components/schemas/ConsumerVerdict' },
                    },
                    concernsId: {
                      type: 'string',
                      description:
                        'Names these consumers together with what each of them loses\n',
                    },
                  },
                },
              },
            },
          },
          default: { $ref: '#/components/responses/Error' },
        },
      },
    },
    '/migrations/{id}/dates': {
      parameters: [{ $ref: '#/components/parameters/id' }],
      post: {
        operationId: 'setMigrationDates',
        tags: ['migrations'],
        summary:
          'Sets until when consumers are asked to be ready, and before when the old version does not retire',
        description:
          'Needs `dataset.migrate`. What is absent stays, what is null goes. Nobody\nloses anything by a deadline that has passed. The retirement is not before the\ndeadline; 409 while the old version is being retired.\n',
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: {
                type: 'object',
                additionalProperties: false,
                minProperties: 1,
                properties: {
                  deadline: {
                    type: 'string',
                    format: 'date-time',
                    nullable: true,
                  },
                  retirement: {
                    type: 'string',
                    format: 'date-time',
                    nullable: true,
                  },
                },
              },
            },
          },
        },
        responses: {
          '202': { $ref: '#/components/responses/Migration' },
          default: { $ref: '#/components/responses/Error' },
        },
      },
    },
    '/migrations/{id}/cancel': {
      parameters: [{ $ref: '#/components/parameters/id' }],
      post: {
        operationId: 'cancelMigration',
        tags: ['migrations'],
        summary: 'Cancels a migration that has not cut over',
        requestBody: { $ref: '#/components/requestBodies/Empty' },
        responses: {
          '202': { $ref: '#/components/responses/Migration' },
          default: { $ref: '#/components/responses/Error' },
        },
      },
    },
    '/migrations/{id}/retry': {
      parameters: [{ $ref: '#/components/parameters/id' }],
      post: {
        operationId: 'retryMigration',
        tags: ['migrations'],
        summary: 'Goes on with a failed migration at the stage that failed',
        requestBody: { $ref: '#/components/requestBodies/Empty' },
        responses: {
          '202': { $ref: '#/components/responses/Migration' },
          default: { $ref: '#/components/responses/Error' },
        },
      },
    },
    '/migrations/{id}/override': {
      parameters: [{ $ref: '#/components/parameters/id' }],
      post: {
        operationId: 'overrideMigration',
        tags: ['migrations'],
        summary:
          'Lets a blocked migration go on although consumers would break',
        description:
          'Needs `dataset.migrate.override`. The reason is kept and audited, and those\nwhom it breaks are told. Where others break by now than the caller was shown,\nor one of them would lose something else, the answer is 409, and\n`error.consumers` is the new list. It covers each of them as long as it loses\nthe same.\n',
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: {
                type: 'object',
                additionalProperties: false,
                required: ['reason', 'consumers', 'concernsId'],
                properties: {
                  reason: { $ref: '#/components/schemas/Reason' },
                  consumers: {
                    type: 'array',
                    description:
                      'Entity refs of those whom it breaks, as `blockers` showed them\n',
                    maxItems: 20000,
                    items: { $ref: '#/components/schemas/EntityRef' },
                  },
                  concernsId: { $ref: '#/components/schemas/ConcernsId' },
                },
              },
            },
          },
        },
        responses: {
          '202': { $ref: '#/components/responses/Migration' },
          default: { $ref: '#/components/responses/Error' },
        },
      },
    },
    '/migrations/{id}/coexist': {
      parameters: [{ $ref: '#/components/parameters/id' }],
      post: {
        operationId: 'coexistMigration',
        tags: ['migrations'],
        summary:
          'Lets a blocked migration publish the new version beside the old one',
        requestBody: { $ref: '#/components/requestBodies/Empty' },
        responses: {
          '202': { $ref: '#/components/responses/Migration' },
          default: { $ref: '#/components/responses/Error' },
        },
      },
    },
    '/migrations/{id}/rollback': {
      parameters: [{ $ref: '#/components/parameters/id' }],
      post: {
        operationId: 'rollbackMigration',
        tags: ['migrations'],
        summary: 'Restores the old version, within the rollback window',
        requestBody: { $ref: '#/components/requestBodies/Empty' },
        responses: {
          '202': { $ref: '#/components/responses/Migration' },
          default: { $ref: '#/components/responses/Error' },
        },
      },
    },
    '/migrations/{id}/retire': {
      parameters: [{ $ref: '#/components/parameters/id' }],
      post: {
        operationId: 'retireMigration',
        tags: ['migrations'],
        summary: 'Retires the old version that coexists',
        requestBody: { $ref: '#/components/requestBodies/Empty' },
        responses: {
          '202': { $ref: '#/components/responses/Migration' },
          default: { $ref: '#/components/responses/Error' },
        },
      },
    },
    '/campaigns': {
      get: {
        operationId: 'listCampaigns',
        tags: ['campaigns'],
        summary: 'Lists campaigns, newest first',
        parameters: [
          {
            name: 'state',
            in: 'query',
            description: 'One state, or several by repeating it',
            explode: true,
            schema: {
              type: 'array',
              maxItems: 8,
              items: { $ref: '#/components/schemas/CampaignState' },
            },
          },
          { $ref: '#/components/parameters/cursor' },
          { $ref: '#/components/parameters/limit' },
        ],
        responses: {
          '200': {
            description: 'A page of campaigns',
            content: {
              'application/json': {
                schema: {
                  allOf: [
                    { $ref: '#/components/schemas/Page' },
                    {
                      type: 'object',
                      required: ['items'],
                      properties: {
                        items: {
                          type: 'array',
                          items: {
                            $ref: '#/components/schemas/CampaignSummary',
                          },
                        },
                      },
                    },
                  ],
                },
              },
            },
          },
          default: { $ref: '#/components/responses/Error' },
        },
      },
      post: {
        operationId: 'createCampaign',
        tags: ['campaigns'],
        summary: 'Creates a campaign; its dry run goes on in the background',
        description:
          'Needs the permission `dataset.campaign.manage`, and `dataset.migrate` for\neach dataset: those without it are left out, with the reason.\n',
        parameters: [
          {
            name: 'Idempotency-Key',
            in: 'header',
            description:
              'The same key with the same body, from the same caller, gives the\nsame campaign; with another body a 409.\n',
            schema: {
              type: 'string',
              minLength: 1,
              maxLength: 255,
              pattern: '^[\\x21-\\x7e]+$',
            },
          },
        ],
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: { $ref: '#/components/schemas/CreateCampaignRequest' },
            },
          },
        },
        responses: {
          '202': { $ref: '#/components/responses/Campaign' },
          default: { $ref: '#/components/responses/Error' },
        },
      },
    },
    '/campaigns/{id}': {
      parameters: [{ $ref: '#/components/parameters/id' }],
      get: {
        operationId: 'getCampaign',
        tags: ['campaigns'],
        summary: 'Gets a campaign with its progress, its dry run and its log',
        responses: {
          '200': { $ref: '#/components/responses/Campaign' },
          default: { $ref: '#/components/responses/Error' },
        },
      },
    },
    '/campaigns/{id}/datasets': {
      parameters: [{ $ref: '#/components/parameters/id' }],
      get: {
        operationId: 'listCampaignDatasets',
        tags: ['campaigns'],
        summary:
          'Lists the datasets of a campaign, in the order in which they start',
        parameters: [
          {
            name: 'state',
            in: 'query',
            description: 'One state, or several by repeating it',
            explode: true,
            schema: {
              type: 'array',
              maxItems: 9,
              items: { $ref: '#/components/schemas/CampaignDatasetState' },
            },
          },
          {
            name: 'search',
            in: 'query',
            description: 'Part of the entity ref, in any case',
            schema: { type: 'string', maxLength: 200, pattern: '^[^\\x00]+$' },
          },
          {
            name: 'owner',
            in: 'query',
            description: 'Entity ref of the owner',
            schema: { $ref: '#/components/schemas/EntityRef' },
          },
          { $ref: '#/components/parameters/cursor' },
          {
            name: 'limit',
            in: 'query',
            description: 'Items of a page',
            schema: { type: 'integer', minimum: 1, maximum: 500, default: 100 },
          },
        ],
        responses: {
          '200': {
            description: 'A page of datasets',
            content: {
              'application/json': {
                schema: {
                  allOf: [
                    { $ref: '#/components/schemas/Page' },
                    {
                      type: 'object',
                      required: ['items'],
                      properties: {
                        items: {
                          type: 'array',
                          items: {
                            $ref: '#/components/schemas/CampaignDataset',
                          },
                        },
                      },
                    },
                  ],
                },
              },
            },
          },
          default: { $ref: '#/components/responses/Error' },
        },
      },
    },
    '/campaigns/{id}/datasets.csv': {
      parameters: [{ $ref: '#/components/parameters/id' }],
      get: {
        operationId: 'getCampaignDatasetsCsv',
        tags: ['campaigns'],
        summary: 'All datasets of a campaign as CSV (RFC 4180)',
        responses: {
          '200': {
            description: 'A line for each dataset',
            content: { 'text/csv': { schema: { type: 'string' } } },
          },
          default: { $ref: '#/components/responses/Error' },
        },
      },
    },
    '/campaigns/{id}/start': {
      parameters: [{ $ref: '#/components/parameters/id' }],
      post: {
        operationId: 'startCampaign',
        tags: ['campaigns'],
        summary: 'Starts a campaign whose dry run is done',
        requestBody: { $ref: '#/components/requestBodies/Empty' },
        responses: {
          '202': { $ref: '#/components/responses/Campaign' },
          default: { $ref: '#/components/responses/Error' },
        },
      },
    },
    '/campaigns/{id}/pause': {
      parameters: [{ $ref: '#/components/parameters/id' }],
      post: {
        operationId: 'pauseCampaign',
        tags: ['campaigns'],
        summary: 'Starts no more migrations; those that run go on',
        requestBody: { $ref: '#/components/requestBodies/Empty' },
        responses: {
          '202': { $ref: '#/components/responses/Campaign' },
          default: { $ref: '#/components/responses/Error' },
        },
      },
    },
    '/campaigns/{id}/resume': {
      parameters: [{ $ref: '#/components/parameters/id' }],
      post: {
        operationId: 'resumeCampaign',
        tags: ['campaigns'],
        summary: 'Goes on after a pause, and lets the failures so far through',
        requestBody: { $ref: '#/components/requestBodies/Empty' },
        responses: {
          '202': { $ref: '#/components/responses/Campaign' },
          default: { $ref: '#/components/responses/Error' },
        },
      },
    },
    '/campaigns/{id}/cancel': {
      parameters: [{ $ref: '#/components/parameters/id' }],
      post: {
        operationId: 'cancelCampaign',
        tags: ['campaigns'],
        summary: 'Cancels what waits and what runs',
        requestBody: { $ref: '#/components/requestBodies/Empty' },
        responses: {
          '202': { $ref: '#/components/responses/Campaign' },
          default: { $ref: '#/components/responses/Error' },
        },
      },
    },
    '/campaigns/{id}/retry-failed': {
      parameters: [{ $ref: '#/components/parameters/id' }],
      post: {
        operationId: 'retryFailedCampaign',
        tags: ['campaigns'],
        summary: 'Tries again what failed, was cancelled or skipped',
        requestBody: { $ref: '#/components/requestBodies/Empty' },
        responses: {
          '202': { $ref: '#/components/responses/Campaign' },
          default: { $ref: '#/components/responses/Error' },
        },
      },
    },
    '/failures': {
      get: {
        operationId: 'listFailures',
        tags: ['campaigns'],
        summary: 'Groups failed and blocked migrations by their cause',
        parameters: [
          {
            name: 'campaignId',
            in: 'query',
            schema: { $ref: '#/components/schemas/Uuid' },
          },
        ],
        responses: {
          '200': {
            description: 'The most frequent causes first, at most 100',
            content: {
              'application/json': {
                schema: {
                  type: 'object',
                  required: ['items'],
                  properties: {
                    items: {
                      type: 'array',
                      items: { $ref: '#/components/schemas/FailureGroup' },
                    },
                  },
                },
              },
            },
          },
          default: { $ref: '#/components/responses/Error' },
        },
      },
    },
    '/deliveries': {
      get: {
        operationId: 'listDeliveries',
        tags: ['deliveries'],
        summary: 'Lists notifications, newest first',
        description:
          'Those about datasets that the caller may read. What an owner is told of\na campaign is listed for who may read one of the datasets in it that the\nowner owns, or that its consumers read; digests for who may read all datasets.\n',
        parameters: [
          {
            name: 'migrationId',
            in: 'query',
            schema: { $ref: '#/components/schemas/Uuid' },
          },
          {
            name: 'campaignId',
            in: 'query',
            description:
              'Those that tell of the campaign itself, and not of its migrations',
            schema: { $ref: '#/components/schemas/Uuid' },
          },
          {
            name: 'consumerRef',
            in: 'query',
            schema: { $ref: '#/components/schemas/EntityRef' },
          },
          {
            name: 'state',
            in: 'query',
            schema: { $ref: '#/components/schemas/DeliveryState' },
          },
          { $ref: '#/components/parameters/cursor' },
          { $ref: '#/components/parameters/limit' },
        ],
        responses: {
          '200': {
            description: 'A page of deliveries',
            content: {
              'application/json': {
                schema: {
                  allOf: [
                    { $ref: '#/components/schemas/Page' },
                    {
                      type: 'object',
                      required: ['items'],
                      properties: {
                        items: {
                          type: 'array',
                          items: { $ref: '#/components/schemas/Delivery' },
                        },
                      },
                    },
                  ],
                },
              },
            },
          },
          default: { $ref: '#/components/responses/Error' },
        },
      },
    },
    '/deliveries/{id}/redeliver': {
      parameters: [{ $ref: '#/components/parameters/id' }],
      post: {
        operationId: 'redeliver',
        tags: ['deliveries'],
        summary: 'Sends a notification again, whatever became of it',
        description:
          'Needs `dataset.delivery.redeliver`; `dataset.campaign.manage` where it\ntells of a campaign, or is a digest.\n',
        requestBody: { $ref: '#/components/requestBodies/Empty' },
        responses: {
          '202': {
            description: 'The delivery, pending again',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/Delivery' },
              },
            },
          },
          default: { $ref: '#/components/responses/Error' },
        },
      },
    },
    '/webhook-keys': {
      get: {
        operationId: 'getWebhookKeys',
        tags: ['deliveries'],
        summary: 'Tells the public keys that callbacks are signed with',
        description:
          'A JSON Web Key Set of Ed25519 keys, for everybody: receivers have no token.\nEvery callback carries a signature of each of them.\n',
        responses: {
          '200': {
            description:
              'The keys; none where callbacks are signed with secrets alone',
            content: {
              'application/json': {
                schema: {
                  type: 'object',
                  required: ['keys'],
                  properties: {
                    keys: {
                      type: 'array',
                      items: { $ref: '#/components/schemas/WebhookKey' },
                    },
                  },
                },
              },
            },
          },
          default: { $ref: '#/components/responses/Error' },
        },
      },
    },
    '/queue': {
      get: {
        operationId: 'getQueueStatus',
        tags: ['queue'],
        summary: 'Tells what waits, what runs, and who works',
        responses: {
          '200': {
            description: 'The queue',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/QueueStatus' },
              },
            },
          },
          default: { $ref: '#/components/responses/Error' },
        },
      },
    },
    '/queue/history': {
      get: {
        operationId: 'getQueueHistory',
        tags: ['queue'],
        summary: 'Tells what waited and what ended in the last hours',
        parameters: [
          {
            name: 'hours',
            in: 'query',
            description: 'Up to now',
            schema: { type: 'integer', minimum: 1, maximum: 168, default: 1 },
          },
          {
            name: 'samples',
            in: 'query',
            description:
              'At most so many; where there are more, neighbours are merged',
            schema: {
              type: 'integer',
              minimum: 10,
              maximum: 500,
              default: 120,
            },
          },
        ],
        responses: {
          '200': {
            description: 'The samples, oldest first',
            content: {
              'application/json': {
                schema: {
                  type: 'object',
                  required: ['items'],
                  properties: {
                    items: {
                      type: 'array',
                      items: { $ref: '#/components/schemas/QueueSample' },
                    },
                  },
                },
              },
            },
          },
          default: { $ref: '#/components/responses/Error' },
        },
      },
    },
  },
  components: {
    parameters: {
      kind: {
        name: 'kind',
        in: 'path',
        required: true,
        schema: { $ref: '#/components/schemas/NamePart' },
      },
      namespace: {
        name: 'namespace',
        in: 'path',
        required: true,
        schema: { $ref: '#/components/schemas/NamePart' },
      },
      name: {
        name: 'name',
        in: 'path',
        required: true,
        schema: { $ref: '#/components/schemas/NamePart' },
      },
      id: {
        name: 'id',
        in: 'path',
        required: true,
        schema: { $ref: '#/components/schemas/Uuid' },
      },
      cursor: {
        name: 'cursor',
        in: 'query',
        description:
          '`nextCursor` of the page before; of the same list, with the same filter',
        schema: { type: 'string', minLength: 1, maxLength: 1000 },
      },
      limit: {
        name: 'limit',
        in: 'query',
        description: 'Items of a page',
        schema: { type: 'integer', minimum: 1, maximum: 100, default: 20 },
      },
      verdict: {
        name: 'verdict',
        in: 'query',
        description: 'One verdict, or several by repeating it',
        explode: true,
        schema: {
          type: 'array',
          maxItems: 3,
          items: { $ref: '#/components/schemas/Verdict' },
        },
      },
      answer: {
        name: 'answer',
        in: 'query',
        description:
          'What the owner of the consumer said, one or several by repeating it; `none`\nfor those who said nothing\n',
        explode: true,
        schema: {
          type: 'array',
          maxItems: 3,
          items: { type: 'string', enum: ['ready', 'more-time', 'none'] },
        },
      },
      consumerOwner: {
        name: 'owner',
        in: 'query',
        description: "Entity ref of the consumer's owner",
        schema: { $ref: '#/components/schemas/EntityRef' },
      },
      consumerSearch: {
        name: 'search',
        in: 'query',
        description: "Part of the consumer's entity ref or title, in any case",
        schema: { type: 'string', maxLength: 200, pattern: '^[^\\x00]+$' },
      },
    },
    requestBodies: {
      Target: {
        required: true,
        content: {
          'application/json': {
            schema: {
              type: 'object',
              additionalProperties: false,
              required: ['targetVersion'],
              properties: {
                targetVersion: { $ref: '#/components/schemas/Version' },
              },
            },
          },
        },
      },
      Empty: {
        required: false,
        content: {
          'application/json': {
            schema: { type: 'object', additionalProperties: false },
          },
        },
      },
    },
    responses: {
      Error: {
        description:
          '400 for input that is not valid, 401 without credentials, 403 without\npermission, 404 for what does not exist, 409 for what does not fit the\nstate of things, 429, with `Retry-After`, for more than a caller may change\nwithin a minute. The message names field and value.\n',
        content: {
          'application/json': {
            schema: { $ref: '#/components/schemas/Error' },
          },
        },
      },
      Migration: {
        description: 'The migration',
        content: {
          'application/json': {
            schema: { $ref: '#/components/schemas/Migration' },
          },
        },
      },
      Campaign: {
        description: 'The campaign',
        content: {
          'application/json': {
            schema: { $ref: '#/components/schemas/Campaign' },
          },
        },
      },
    },
    schemas: {
      NamePart: {
        type: 'string',
        minLength: 1,
        maxLength: 63,
        pattern: '^[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?$',
      },
      EntityRef: {
        type: 'string',
        description: 'Entity ref with kind, namespace and name',
        maxLength: 200,
        pattern: '^[A-Za-z0-9_.-]+:([A-Za-z0-9_.-]+/)?[A-Za-z0-9_.-]+$',
        example: 'resource:default/flights',
      },
      Version: {
        type: 'string',
        description: 'Semantic version',
        maxLength: 64,
        pattern: '^\\d+\\.\\d+\\.\\d+(-[0-9A-Za-z.-]+)?(\\+[0-9A-Za-z.-]+)?$',
        example: '2.0.0',
      },
      Uuid: {
        type: 'string',
        pattern: '^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$',
      },
      Timestamp: { type: 'string', format: 'date-time' },
      Reason: {
        type: 'string',
        minLength: 3,
        maxLength: 2000,
        pattern: '^[^\\x00]*[^\\s\\x00][^\\x00]*$',
      },
      Policy: {
        type: 'string',
        description:
          '`switch` replaces the old version and waits for consumers that would\nbreak; `coexist` publishes the new version beside the old one.\n',
        enum: ['switch', 'coexist'],
      },
      MigrationState: {
        type: 'string',
        enum: [
          'queued',
          'running',
          'blocked',
          'cancelling',
          'cancelled',
          'failed',
          'rolling-back',
          'rolled-back',
          'succeeded',
        ],
      },
      Stage: {
        type: 'string',
        enum: [
          'discover',
          'validate',
          'lock',
          'transform',
          'verify',
          'cut-over',
          'notify',
          'retire',
          'rollback',
        ],
      },
      DeliveryState: { type: 'string', enum: ['pending', 'delivered', 'dead'] },
      Verdict: { type: 'string', enum: ['ready', 'breaks', 'unknown'] },
      Page: {
        type: 'object',
        required: ['items', 'totalItems'],
        properties: {
          items: { type: 'array', items: {} },
          nextCursor: {
            type: 'string',
            description: 'Absent on the last page',
          },
          totalItems: {
            type: 'integer',
            description: 'Items over all pages, under the same filter',
          },
        },
      },
      Error: {
        type: 'object',
        required: ['error', 'response'],
        properties: {
          error: {
            type: 'object',
            required: ['name', 'message'],
            properties: {
              name: { type: 'string', example: 'InputError' },
              message: { type: 'string' },
              consumers: {
                description:
                  'Of a refused override, those whom it would break by now',
                type: 'array',
                items: { $ref: '#/components/schemas/EntityRef' },
              },
              lowestVersion: {
                description:
                  'Of a version that is too low for what changes, one that would do',
                allOf: [{ $ref: '#/components/schemas/Version' }],
              },
              requiredBump: {
                type: 'string',
                enum: ['major', 'minor', 'patch'],
              },
            },
          },
          request: {
            type: 'object',
            properties: { method: { type: 'string' }, url: { type: 'string' } },
          },
          response: {
            type: 'object',
            required: ['statusCode'],
            properties: { statusCode: { type: 'integer' } },
          },
        },
      },
      DatasetVersion: {
        type: 'object',
        required: ['version', 'state', 'status'],
        properties: {
          version: { $ref: '#/components/schemas/Version' },
          state: {
            type: 'string',
            enum: ['proposed', 'current', 'coexisting', 'retired'],
          },
          status: { type: 'string', description: 'As the contract says' },
        },
      },
      DatasetProblem: {
        type: 'object',
        required: ['path', 'message'],
        properties: {
          path: {
            type: 'string',
            example: 'spec.contracts[1].schema[0].properties[2].logicalType',
          },
          message: { type: 'string' },
        },
      },
      DatasetSummary: {
        type: 'object',
        required: [
          'entityRef',
          'title',
          'versions',
          'consumerCount',
          'problems',
        ],
        properties: {
          entityRef: { $ref: '#/components/schemas/EntityRef' },
          title: { type: 'string' },
          description: { type: 'string' },
          owner: { $ref: '#/components/schemas/EntityRef' },
          system: { $ref: '#/components/schemas/EntityRef' },
          engine: {
            type: 'string',
            description: 'Absent when the location cannot be resolved',
          },
          currentVersion: { $ref: '#/components/schemas/Version' },
          nextVersion: { $ref: '#/components/schemas/Version' },
          versions: {
            type: 'array',
            items: { $ref: '#/components/schemas/DatasetVersion' },
          },
          consumerCount: { type: 'integer' },
          activeMigration: {
            type: 'object',
            required: ['id', 'state'],
            properties: {
              id: { $ref: '#/components/schemas/Uuid' },
              state: { $ref: '#/components/schemas/MigrationState' },
              stage: { $ref: '#/components/schemas/Stage' },
            },
          },
          problems: {
            type: 'array',
            description: 'Why it cannot be migrated as it is',
            items: { $ref: '#/components/schemas/DatasetProblem' },
          },
        },
      },
      Dataset: {
        allOf: [
          { $ref: '#/components/schemas/DatasetSummary' },
          {
            type: 'object',
            required: ['contracts'],
            properties: {
              contracts: {
                type: 'array',
                items: { $ref: '#/components/schemas/Contract' },
              },
              recordedVersion: {
                type: 'string',
                description: 'What the store itself says, if it could be asked',
              },
              drift: {
                type: 'string',
                description:
                  'Present when plugin and store disagree about the version',
              },
            },
          },
        ],
      },
      Subscription: {
        type: 'object',
        required: ['following', 'available'],
        properties: {
          following: { type: 'boolean' },
          available: {
            type: 'boolean',
            description:
              'Whether the caller would be told: users are, where notifications are on\n',
          },
        },
      },
      Contract: {
        type: 'object',
        description: 'A contract (ODCS v3), read',
        required: ['id', 'version', 'status', 'schema', 'servers'],
        properties: {
          id: { type: 'string' },
          name: { type: 'string' },
          version: { $ref: '#/components/schemas/Version' },
          status: { type: 'string' },
          description: { type: 'string' },
          serviceLevels: {
            type: 'array',
            description:
              'What is promised of the service (ODCS `slaProperties`)',
            items: {
              type: 'object',
              required: ['property'],
              properties: {
                property: { type: 'string' },
                value: {},
                unit: { type: 'string' },
                element: { type: 'string' },
                driver: { type: 'string' },
              },
            },
          },
          schema: { $ref: '#/components/schemas/SchemaObject' },
          furtherObjects: {
            type: 'array',
            description: 'The other schema objects, where it has several',
            items: { $ref: '#/components/schemas/SchemaObject' },
          },
          servers: {
            type: 'array',
            items: {
              type: 'object',
              required: ['server', 'type', 'properties'],
              properties: {
                server: { type: 'string' },
                type: { type: 'string' },
                properties: { type: 'object' },
              },
            },
          },
        },
      },
      SchemaObject: {
        type: 'object',
        required: ['name', 'physicalName', 'fields'],
        properties: {
          id: { type: 'string' },
          name: { type: 'string' },
          physicalName: { type: 'string' },
          physicalType: {
            type: 'string',
            description: 'table, view, topic, file, ...',
          },
          description: { type: 'string' },
          fields: {
            type: 'array',
            items: { $ref: '#/components/schemas/Field' },
          },
          quality: {
            type: 'array',
            description: 'Rules over the values of all rows that are checked',
            items: { type: 'object' },
          },
          otherQuality: {
            type: 'array',
            description: 'Rules for people and for other tools',
            items: { type: 'object' },
          },
        },
      },
      Field: {
        type: 'object',
        required: ['name', 'type', 'required', 'unique'],
        properties: {
          id: { type: 'string' },
          name: { type: 'string' },
          physicalName: { type: 'string' },
          type: {
            type: 'object',
            required: ['kind'],
            properties: { kind: { type: 'string' } },
          },
          logicalType: { type: 'string' },
          physicalType: { type: 'string' },
          required: { type: 'boolean' },
          unique: { type: 'boolean' },
          primaryKeyPosition: { type: 'integer' },
          default: {},
          options: { type: 'object' },
          enum: { type: 'array', items: {} },
          classification: { type: 'string' },
          description: { type: 'string' },
          unit: { type: 'string', description: 'What its numbers count' },
          references: {
            type: 'array',
            description: 'What its values refer to',
            items: { type: 'string' },
          },
          properties: {
            type: 'array',
            description: 'Of JSON, what the contract says is inside',
            items: { type: 'object' },
          },
          items: {
            type: 'object',
            description:
              'What is promised of each item of a list, beyond its type',
          },
        },
      },
      Consumer: {
        type: 'object',
        required: ['entityRef', 'source'],
        properties: {
          entityRef: { $ref: '#/components/schemas/EntityRef' },
          owner: { $ref: '#/components/schemas/EntityRef' },
          title: { type: 'string' },
          source: { type: 'string', enum: ['declared', 'depends-on'] },
          constraint: {
            type: 'string',
            description: 'Semver range of the versions that it accepts',
          },
          fields: {
            type: 'array',
            description:
              'Fields that it reads, whichever way that is known; absent when it is not',
            items: { type: 'string' },
          },
          evidence: {
            type: 'array',
            description:
              'How they are known, where more than a declaration says so',
            items: { $ref: '#/components/schemas/FieldEvidence' },
          },
          unread: {
            type: 'array',
            description:
              'What of its source may read the dataset, too, and could not be read',
            items: { $ref: '#/components/schemas/UnreadSource' },
          },
          complete: { $ref: '#/components/schemas/FieldCompleteness' },
          scan: { $ref: '#/components/schemas/SourceRevision' },
          silence: { $ref: '#/components/schemas/LineageSilence' },
          webhook: {
            type: 'string',
            description: 'Where to call back, without query',
          },
          problem: {
            type: 'string',
            description: 'Why the declaration cannot be used',
          },
        },
      },
      FieldEvidence: {
        type: 'object',
        required: ['field', 'by'],
        properties: {
          field: { type: 'string' },
          by: { type: 'string', enum: ['declared', 'parsed', 'observed'] },
          file: {
            type: 'string',
            description: 'When parsed, the path below the source location',
          },
          line: { type: 'integer', description: 'When parsed, from 1' },
          star: {
            type: 'boolean',
            description:
              'When parsed, whether it is one of the fields that a `*` stands for',
          },
          shared: {
            type: 'boolean',
            description:
              'When parsed, whether other consumers of the dataset have the same source',
          },
          job: {
            type: 'string',
            description: 'When observed, namespace and name of the job',
          },
          at: {
            type: 'string',
            format: 'date-time',
            description: 'When observed, the time of the run',
          },
        },
      },
      UnreadSource: {
        type: 'object',
        required: ['reason'],
        properties: {
          file: { type: 'string' },
          line: { type: 'integer' },
          reason: { type: 'string' },
        },
      },
      FieldCompleteness: {
        type: 'string',
        description:
          'Why the fields that are known are all that the consumer reads; absent where it may read more',
        enum: ['declared', 'stated', 'parsed'],
      },
      SourceRevision: {
        type: 'object',
        required: ['url', 'revision', 'checkedAt'],
        properties: {
          url: { type: 'string' },
          revision: {
            type: 'string',
            description: 'What the host calls that state; of git, the commit',
          },
          checkedAt: {
            type: 'string',
            format: 'date-time',
            description: 'When it was last seen to be still so',
          },
        },
      },
      LineageSilence: {
        type: 'object',
        description:
          "What the runs of a consumer's jobs read of late; absent where `datasetMigrations.fieldUse.silentFor` is not set, or no run of it ever named the dataset",
        required: ['since', 'jobs', 'reads'],
        properties: {
          since: {
            type: 'string',
            format: 'date',
            description: 'First day of the time that is looked at, in UTC',
          },
          jobs: {
            type: 'integer',
            description:
              'How many of its jobs are known to read the dataset, or once did',
          },
          doubt: {
            type: 'string',
            description:
              'Why it proves nothing that a field was not read; absent where the lineage of all of these jobs was live throughout',
          },
          reads: {
            type: 'array',
            description:
              'The newest read of each field since then; empty where there is a doubt',
            items: {
              type: 'object',
              required: ['field', 'job', 'on'],
              properties: {
                field: { type: 'string' },
                job: {
                  type: 'string',
                  description: 'Namespace and name of the job',
                },
                on: {
                  type: 'string',
                  format: 'date',
                  description: 'Day of the run, in UTC',
                },
              },
            },
          },
        },
      },
      ConsumerVerdict: {
        type: 'object',
        required: ['consumer', 'verdict', 'reasons', 'touchedBy', 'blocking'],
        properties: {
          consumer: { $ref: '#/components/schemas/Consumer' },
          verdict: { $ref: '#/components/schemas/Verdict' },
          reasons: { type: 'array', items: { type: 'string' } },
          touchedBy: {
            type: 'array',
            items: { $ref: '#/components/schemas/Change' },
          },
          blocking: {
            type: 'boolean',
            description:
              'Whether it keeps the plan from going on under policy `switch`',
          },
          concernsId: {
            type: 'string',
            description:
              'Of one that blocks: names the changes that concern it; the same as long as\nthese are, and an override covers it as long as it is the same\n',
          },
          answer: { $ref: '#/components/schemas/ConsumerAnswer' },
        },
      },
      ConcernsId: {
        type: 'string',
        description: 'The `concernsId` of what the caller was shown',
        pattern: '^[0-9a-f]{64}$',
      },
      ConsumerAnswer: {
        type: 'object',
        description: 'What the owner of a consumer said about a version',
        required: ['kind', 'by', 'at'],
        properties: {
          kind: { type: 'string', enum: ['ready', 'more-time'] },
          date: {
            allOf: [{ $ref: '#/components/schemas/Timestamp' }],
            description:
              'Ready from then on, at once when absent; more time until then',
          },
          reason: { type: 'string' },
          by: { type: 'string', description: 'Entity ref of who answered' },
          at: { $ref: '#/components/schemas/Timestamp' },
          dropped: {
            type: 'string',
            description:
              'Why an acknowledgement counts no longer: other changes concern the\nconsumer than it speaks of, or it declares another version range since\n',
          },
        },
      },
      ContractReach: {
        type: 'string',
        description:
          "Whether the contract of a dataset changes because of another one's",
        enum: ['yes', 'no', 'unknown'],
      },
      ReachedField: {
        type: 'object',
        required: ['field', 'origin', 'summary', 'effect', 'certain'],
        properties: {
          field: { type: 'string' },
          from: {
            type: 'object',
            description:
              'What it is made of; absent where the caller may not read that dataset',
            required: ['datasetRef', 'field'],
            properties: {
              datasetRef: { $ref: '#/components/schemas/EntityRef' },
              field: { type: 'string' },
            },
          },
          origin: {
            type: 'string',
            description: 'The field that the reach starts from, or the object',
          },
          summary: { type: 'string', description: 'What happens to that' },
          effect: { type: 'string', enum: ['breaking', 'risky', 'compatible'] },
          certain: {
            type: 'boolean',
            description:
              'False where it is computed, so that it may stay as it is',
          },
        },
      },
      ReachedDataset: {
        type: 'object',
        required: [
          'entityRef',
          'title',
          'through',
          'changes',
          'reasons',
          'fields',
        ],
        properties: {
          entityRef: { $ref: '#/components/schemas/EntityRef' },
          title: { type: 'string' },
          owner: { $ref: '#/components/schemas/EntityRef' },
          through: {
            type: 'array',
            description:
              'Who makes it, or the datasets that it depends on itself',
            items: { $ref: '#/components/schemas/EntityRef' },
          },
          changes: { $ref: '#/components/schemas/ContractReach' },
          reasons: { type: 'array', items: { type: 'string' } },
          fields: {
            type: 'array',
            description:
              'Those of its contract that change, or may; the first ones of many',
            items: { $ref: '#/components/schemas/ReachedField' },
          },
        },
      },
      ReachedConsumer: {
        type: 'object',
        required: ['entityRef', 'verdict', 'reads'],
        properties: {
          entityRef: { $ref: '#/components/schemas/EntityRef' },
          title: { type: 'string' },
          owner: { $ref: '#/components/schemas/EntityRef' },
          verdict: {
            allOf: [{ $ref: '#/components/schemas/Verdict' }],
            description: 'The gravest one of what it reads',
          },
          reads: {
            type: 'array',
            description: 'As far as the caller may read these datasets',
            items: {
              type: 'object',
              required: ['datasetRef', 'verdict', 'reasons'],
              properties: {
                datasetRef: { $ref: '#/components/schemas/EntityRef' },
                verdict: { $ref: '#/components/schemas/Verdict' },
                reasons: { type: 'array', items: { type: 'string' } },
              },
            },
          },
        },
      },
      ReachWave: {
        type: 'object',
        required: ['wave', 'consumers', 'datasets', 'hidden'],
        properties: {
          wave: { type: 'integer', minimum: 1 },
          consumers: {
            type: 'array',
            description: 'Of the datasets of the wave before',
            items: { $ref: '#/components/schemas/ReachedConsumer' },
          },
          datasets: {
            type: 'array',
            description:
              'What is made by consumers of this wave, or of datasets of the one before',
            items: { $ref: '#/components/schemas/ReachedDataset' },
          },
          hidden: {
            type: 'object',
            description: 'How many the caller may not see',
            required: ['consumers', 'datasets'],
            properties: {
              consumers: { type: 'integer' },
              datasets: { type: 'integer' },
            },
          },
        },
      },
      ReachResponse: {
        type: 'object',
        required: ['waves', 'counts'],
        properties: {
          fromVersion: { $ref: '#/components/schemas/Version' },
          targetVersion: { $ref: '#/components/schemas/Version' },
          waves: {
            type: 'array',
            items: { $ref: '#/components/schemas/ReachWave' },
          },
          counts: {
            type: 'object',
            description:
              'Of all waves, without those that the caller may not see',
            required: ['consumers', 'datasets'],
            properties: {
              consumers: { $ref: '#/components/schemas/VerdictCounts' },
              datasets: {
                type: 'object',
                required: ['yes', 'no', 'unknown'],
                properties: {
                  yes: { type: 'integer' },
                  no: { type: 'integer' },
                  unknown: { type: 'integer' },
                },
              },
            },
          },
          truncated: {
            type: 'object',
            description: 'Set where it goes on beyond what was looked at',
            required: ['by', 'limit'],
            properties: {
              by: { type: 'string', enum: ['waves', 'entities', 'links'] },
              limit: { type: 'integer' },
            },
          },
        },
      },
      Board: {
        allOf: [
          { $ref: '#/components/schemas/Page' },
          {
            type: 'object',
            required: ['items', 'counts', 'blockingCount', 'current'],
            properties: {
              items: {
                type: 'array',
                items: { $ref: '#/components/schemas/BoardEntry' },
              },
              counts: { $ref: '#/components/schemas/VerdictCounts' },
              blockingCount: {
                type: 'integer',
                description: 'Of all consumers, how many keep it from going on',
              },
              current: {
                type: 'boolean',
                description: 'Judged as of now; else as they were judged last',
              },
            },
          },
        ],
      },
      BoardEntry: {
        allOf: [
          { $ref: '#/components/schemas/ConsumerVerdict' },
          {
            type: 'object',
            required: ['asked', 'overridden'],
            properties: {
              asked: {
                type: 'string',
                description:
                  'To stop reading what changes, to say what it reads, or to raise the\nversion that it accepts\n',
                enum: ['adapt', 'declare', 'raise-version', 'nothing'],
              },
              until: {
                allOf: [{ $ref: '#/components/schemas/Timestamp' }],
                description:
                  'The day from which its owner says that it is ready, or else the\ndeadline of the migration\n',
              },
              overridden: {
                type: 'boolean',
                description: 'Somebody decided to go on although it breaks',
              },
            },
          },
        ],
      },
      VerdictCounts: {
        type: 'object',
        required: ['ready', 'breaks', 'unknown'],
        properties: {
          ready: { type: 'integer' },
          breaks: { type: 'integer' },
          unknown: { type: 'integer' },
        },
      },
      ConsumersResponse: {
        type: 'object',
        required: ['items', 'counts'],
        properties: {
          fromVersion: { $ref: '#/components/schemas/Version' },
          targetVersion: { $ref: '#/components/schemas/Version' },
          items: {
            type: 'array',
            items: { $ref: '#/components/schemas/ConsumerVerdict' },
          },
          counts: { $ref: '#/components/schemas/VerdictCounts' },
        },
      },
      ConsumedDataset: {
        type: 'object',
        required: ['dataset', 'coming', 'mayAcknowledge'],
        properties: {
          dataset: { $ref: '#/components/schemas/DatasetSummary' },
          constraint: { type: 'string' },
          fields: { type: 'array', items: { type: 'string' } },
          evidence: {
            type: 'array',
            description:
              'How the fields are known, where more than a declaration says so',
            items: { $ref: '#/components/schemas/FieldEvidence' },
          },
          unread: {
            type: 'array',
            description:
              'What of its source may read the dataset, too, and could not be read',
            items: { $ref: '#/components/schemas/UnreadSource' },
          },
          complete: { $ref: '#/components/schemas/FieldCompleteness' },
          scan: { $ref: '#/components/schemas/SourceRevision' },
          silence: { $ref: '#/components/schemas/LineageSilence' },
          coming: {
            type: 'array',
            description:
              'First the version of the migration that is under way, or whose old version\nis still there, if there is one; then those that are proposed above the\ncurrent one, lowest first\n',
            items: { $ref: '#/components/schemas/ComingVersion' },
          },
          mayAcknowledge: {
            type: 'boolean',
            description: 'Whether the caller may answer for it',
          },
        },
      },
      ComingVersion: {
        type: 'object',
        required: ['version', 'verdict', 'concerns'],
        properties: {
          version: { $ref: '#/components/schemas/Version' },
          fromVersion: {
            allOf: [{ $ref: '#/components/schemas/Version' }],
            description:
              'The one that it is to follow; absent where it is not known which is current\n',
          },
          migration: {
            type: 'object',
            description:
              'Absent where it is proposed, and nothing is under way to it',
            required: ['id', 'state'],
            properties: {
              id: { $ref: '#/components/schemas/Uuid' },
              state: { $ref: '#/components/schemas/MigrationState' },
              deadline: { $ref: '#/components/schemas/Timestamp' },
              retirement: { $ref: '#/components/schemas/Timestamp' },
              oldVersionState: {
                type: 'string',
                enum: ['coexisting', 'retired'],
              },
            },
          },
          verdict: { $ref: '#/components/schemas/ConsumerVerdict' },
          concerns: {
            type: 'array',
            description: 'The changes that concern the consumer, as sentences',
            items: { type: 'string' },
          },
          concernsId: {
            type: 'string',
            description:
              'Names these changes; absent where there is no plan for the version',
          },
          declaration: {
            type: 'string',
            description:
              'What the consumer may declare once it has moved, as YAML for its entity;\nabsent where its declaration may stay as it is\n',
          },
        },
      },
      Change: {
        type: 'object',
        required: ['kind', 'effect', 'summary'],
        properties: {
          kind: { type: 'string' },
          object: {
            type: 'string',
            description:
              'The schema object in the old version, where the contract has several',
          },
          from: {
            type: 'string',
            description: 'Name of the field in the old version',
          },
          to: {
            type: 'string',
            description: 'Name of the field in the new version',
          },
          rule: {
            type: 'string',
            description: 'Id of the rule of compatibility that judged it',
          },
          effect: { $ref: '#/components/schemas/ChangeEffect' },
          summary: { type: 'string' },
          accepted: { $ref: '#/components/schemas/ChangeAcceptance' },
          oldType: { type: 'object' },
          newType: { type: 'object' },
        },
      },
      ChangeEffect: {
        type: 'string',
        enum: ['breaking', 'risky', 'compatible'],
      },
      ChangeAcceptance: {
        type: 'object',
        description: 'Who accepted it, and why; it is no more than risky then',
        required: ['id', 'by', 'reason', 'at', 'was'],
        properties: {
          id: { $ref: '#/components/schemas/Uuid' },
          by: { type: 'string' },
          reason: { type: 'string' },
          at: { $ref: '#/components/schemas/Timestamp' },
          was: {
            description: 'The grade that it has otherwise',
            allOf: [{ $ref: '#/components/schemas/ChangeEffect' }],
          },
        },
      },
      AcceptedChange: {
        type: 'object',
        required: [
          'id',
          'datasetRef',
          'fromVersion',
          'toVersion',
          'rule',
          'summary',
          'effect',
          'reason',
          'by',
          'at',
        ],
        properties: {
          id: { $ref: '#/components/schemas/Uuid' },
          datasetRef: { $ref: '#/components/schemas/EntityRef' },
          fromVersion: { $ref: '#/components/schemas/Version' },
          toVersion: { $ref: '#/components/schemas/Version' },
          rule: { type: 'string' },
          object: { type: 'string' },
          field: { type: 'string' },
          summary: { type: 'string' },
          effect: {
            description:
              'Its grade at that time; it counts no longer when that is another one',
            allOf: [{ $ref: '#/components/schemas/ChangeEffect' }],
          },
          reason: { type: 'string' },
          by: { type: 'string' },
          at: { $ref: '#/components/schemas/Timestamp' },
          withdrawnBy: {
            type: 'string',
            description:
              'Who took it back; also whoever had the new version rolled back',
          },
          withdrawnAt: { $ref: '#/components/schemas/Timestamp' },
        },
      },
      MigrationStep: {
        type: 'object',
        required: ['agent', 'payload'],
        properties: {
          object: {
            type: 'string',
            description:
              'The schema object that it is applied to, where the contract has several',
          },
          agent: { type: 'string' },
          payload: { type: 'object' },
        },
      },
      EnginePlan: {
        type: 'object',
        required: ['engine', 'strategy', 'notes', 'refusals'],
        properties: {
          engine: { type: 'string' },
          strategy: { type: 'string', enum: ['metadata-only', 'shadow-copy'] },
          rows: { type: 'integer' },
          bytes: { type: 'integer' },
          chunks: { type: 'integer' },
          seconds: {
            type: 'number',
            description: 'How long copying and verifying takes, roughly',
          },
          diskBytes: { type: 'integer' },
          locks: {
            type: 'array',
            items: { $ref: '#/components/schemas/PlannedLock' },
          },
          notes: { type: 'array', items: { type: 'string' } },
          refusals: { type: 'array', items: { type: 'string' } },
        },
      },
      PlannedLock: {
        type: 'object',
        required: ['relation', 'mode', 'during', 'heldMs'],
        properties: {
          relation: { type: 'string' },
          mode: { type: 'string' },
          during: { type: 'string' },
          heldMs: { type: 'number' },
        },
      },
      PlanResponse: {
        type: 'object',
        required: [
          'datasetRef',
          'fromVersion',
          'toVersion',
          'steps',
          'stepsFrom',
          'changes',
          'source',
          'target',
          'breaking',
          'requiredBump',
          'rollbackSeconds',
          'consumers',
          'blockingCount',
          'enginePlan',
          'proposedPolicy',
        ],
        properties: {
          datasetRef: { $ref: '#/components/schemas/EntityRef' },
          fromVersion: { $ref: '#/components/schemas/Version' },
          toVersion: { $ref: '#/components/schemas/Version' },
          steps: {
            type: 'array',
            items: { $ref: '#/components/schemas/MigrationStep' },
          },
          stepsFrom: { type: 'string', enum: ['document', 'derived'] },
          changes: {
            type: 'array',
            items: { $ref: '#/components/schemas/Change' },
          },
          source: {
            type: 'array',
            items: { $ref: '#/components/schemas/Field' },
          },
          target: {
            type: 'array',
            items: { $ref: '#/components/schemas/Field' },
          },
          breaking: {
            type: 'boolean',
            description: 'Whether a change is graded breaking, accepted or not',
          },
          requiredBump: { type: 'string', enum: ['major', 'minor', 'patch'] },
          rollbackSeconds: {
            type: 'number',
            description:
              'How long after the cut over the old version can be had back, as long as nothing was written to the new one',
          },
          consumers: {
            type: 'array',
            items: { $ref: '#/components/schemas/ConsumerVerdict' },
          },
          blockingCount: { type: 'integer' },
          enginePlan: { $ref: '#/components/schemas/EnginePlan' },
          proposedPolicy: { $ref: '#/components/schemas/Policy' },
        },
      },
      ObjectPreview: {
        type: 'object',
        required: [
          'columnsBefore',
          'columnsAfter',
          'before',
          'after',
          'maskedBefore',
          'maskedAfter',
        ],
        properties: {
          object: {
            type: 'string',
            description: 'The schema object, where the contract has several',
          },
          columnsBefore: { type: 'array', items: { type: 'string' } },
          columnsAfter: { type: 'array', items: { type: 'string' } },
          before: { $ref: '#/components/schemas/Rows' },
          after: { $ref: '#/components/schemas/Rows' },
          maskedBefore: { type: 'array', items: { type: 'string' } },
          maskedAfter: { type: 'array', items: { type: 'string' } },
        },
      },
      PreviewResponse: {
        allOf: [
          { $ref: '#/components/schemas/ObjectPreview' },
          {
            type: 'object',
            properties: {
              further: {
                type: 'array',
                description:
                  'Of the other schema objects, where the contract has several',
                items: { $ref: '#/components/schemas/ObjectPreview' },
              },
            },
          },
        ],
      },
      Rows: {
        type: 'array',
        description:
          'Values as text, null for NULL; the same index is the same row',
        items: { type: 'array', items: { type: 'string', nullable: true } },
      },
      PreflightReport: {
        type: 'object',
        required: ['state', 'id', 'findings'],
        properties: {
          state: {
            type: 'string',
            enum: ['queued', 'running', 'done', 'failed'],
          },
          id: { $ref: '#/components/schemas/Uuid' },
          rowsScanned: { type: 'integer' },
          findings: {
            type: 'array',
            items: {
              type: 'object',
              required: ['kind', 'rows', 'message'],
              properties: {
                kind: {
                  type: 'string',
                  description:
                    '`rows-set-aside` for rows that go to quarantine, which does\nnot keep a migration from starting; every other kind does\n',
                },
                field: { type: 'string' },
                rows: { type: 'integer' },
                message: { type: 'string' },
                samples: {
                  type: 'array',
                  description:
                    'Offending values, only for callers with dataset.data.read',
                  items: { type: 'string' },
                },
              },
            },
          },
          error: { type: 'string' },
        },
      },
      StartMigrationRequest: {
        type: 'object',
        additionalProperties: false,
        required: ['datasetRef', 'targetVersion'],
        properties: {
          datasetRef: { $ref: '#/components/schemas/EntityRef' },
          targetVersion: { $ref: '#/components/schemas/Version' },
          policy: { $ref: '#/components/schemas/Policy' },
          expectedVersion: {
            allOf: [{ $ref: '#/components/schemas/Version' }],
            description:
              'What the caller believes is current; a mismatch is a 409',
          },
        },
      },
      MigrationError: {
        type: 'object',
        required: ['name', 'message'],
        properties: {
          name: { type: 'string' },
          message: { type: 'string' },
          stage: { $ref: '#/components/schemas/Stage' },
        },
      },
      Progress: {
        type: 'object',
        required: ['rowsDone', 'chunksDone'],
        properties: {
          rowsDone: { type: 'integer' },
          rowsTotal: { type: 'integer' },
          chunksDone: { type: 'integer' },
          chunksTotal: { type: 'integer' },
          share: { type: 'number', minimum: 0, maximum: 1 },
          rowsPerSecond: { type: 'number' },
          secondsLeft: { type: 'number' },
          activity: {
            type: 'string',
            enum: ['copying', 'indexing', 'catching-up'],
          },
          changesWaiting: { type: 'integer' },
          throttledBy: { type: 'string' },
        },
      },
      MigrationSummary: {
        type: 'object',
        required: [
          'id',
          'datasetRef',
          'fromVersion',
          'toVersion',
          'policy',
          'state',
          'startedBy',
          'createdAt',
        ],
        properties: {
          id: { $ref: '#/components/schemas/Uuid' },
          campaignId: { $ref: '#/components/schemas/Uuid' },
          datasetRef: { $ref: '#/components/schemas/EntityRef' },
          fromVersion: { $ref: '#/components/schemas/Version' },
          toVersion: { $ref: '#/components/schemas/Version' },
          policy: { $ref: '#/components/schemas/Policy' },
          state: { $ref: '#/components/schemas/MigrationState' },
          stage: { $ref: '#/components/schemas/Stage' },
          startedBy: { type: 'string' },
          createdAt: { $ref: '#/components/schemas/Timestamp' },
          startedAt: { $ref: '#/components/schemas/Timestamp' },
          finishedAt: { $ref: '#/components/schemas/Timestamp' },
          progress: { $ref: '#/components/schemas/Progress' },
          error: { $ref: '#/components/schemas/MigrationError' },
        },
      },
      Migration: {
        allOf: [
          { $ref: '#/components/schemas/MigrationSummary' },
          {
            type: 'object',
            required: ['stages', 'steps', 'changes', 'consumers', 'actions'],
            properties: {
              stages: {
                type: 'array',
                items: {
                  type: 'object',
                  required: ['stage', 'state', 'attempts'],
                  properties: {
                    stage: { $ref: '#/components/schemas/Stage' },
                    state: {
                      type: 'string',
                      enum: [
                        'pending',
                        'running',
                        'succeeded',
                        'failed',
                        'skipped',
                      ],
                    },
                    startedAt: { $ref: '#/components/schemas/Timestamp' },
                    finishedAt: { $ref: '#/components/schemas/Timestamp' },
                    attempts: { type: 'integer' },
                  },
                },
              },
              steps: {
                type: 'array',
                items: { $ref: '#/components/schemas/MigrationStep' },
              },
              changes: {
                type: 'array',
                items: { $ref: '#/components/schemas/Change' },
              },
              consumers: {
                type: 'array',
                description: 'The consumers as last judged',
                items: { $ref: '#/components/schemas/ConsumerVerdict' },
              },
              enginePlan: { $ref: '#/components/schemas/EnginePlan' },
              verification: { $ref: '#/components/schemas/VerificationReport' },
              override: {
                type: 'object',
                required: ['by', 'reason', 'at', 'covers'],
                properties: {
                  by: { type: 'string' },
                  reason: { type: 'string' },
                  at: { $ref: '#/components/schemas/Timestamp' },
                  covers: {
                    type: 'array',
                    description:
                      'The consumers that would break and that it covers: those that it was\ngiven for, as long as each loses the same\n',
                    items: { $ref: '#/components/schemas/EntityRef' },
                  },
                },
              },
              deadline: {
                allOf: [{ $ref: '#/components/schemas/Timestamp' }],
                description: 'Until when consumers are asked to be ready',
              },
              retirement: {
                allOf: [{ $ref: '#/components/schemas/Timestamp' }],
                description: 'Before then the old version does not retire',
              },
              actions: {
                type: 'array',
                description: 'What the caller may do now',
                items: {
                  type: 'string',
                  enum: [
                    'cancel',
                    'retry',
                    'override',
                    'coexist',
                    'rollback',
                    'retire',
                  ],
                },
              },
              rollbackUntil: { $ref: '#/components/schemas/Timestamp' },
              oldVersionState: {
                type: 'string',
                enum: ['coexisting', 'retired'],
              },
              evidenceRemovedAt: {
                allOf: [{ $ref: '#/components/schemas/Timestamp' }],
                description:
                  'When steps, consumers and the details of the verification were\nremoved, as it ended long ago; nothing can be done with it since\n',
              },
            },
          },
        ],
      },
      VerificationReport: {
        type: 'object',
        required: [
          'ok',
          'sourceRows',
          'targetRows',
          'sourceChecksum',
          'targetChecksum',
          'columns',
          'mismatches',
          'contractChecks',
          'seconds',
        ],
        properties: {
          ok: { type: 'boolean' },
          sourceRows: { type: 'integer' },
          targetRows: { type: 'integer' },
          sourceChecksum: {
            type: 'string',
            description: 'Of several schema objects, one after the other',
          },
          targetChecksum: { type: 'string' },
          objects: {
            type: 'array',
            description:
              'Rows and checksums of each schema object, where the contract has several',
            items: {
              type: 'object',
              required: [
                'object',
                'sourceRows',
                'targetRows',
                'sourceChecksum',
                'targetChecksum',
              ],
              properties: {
                object: { type: 'string' },
                sourceRows: { type: 'integer' },
                targetRows: { type: 'integer' },
                sourceChecksum: { type: 'string' },
                targetChecksum: { type: 'string' },
                setAside: { $ref: '#/components/schemas/SetAsideReport' },
              },
            },
          },
          columns: {
            type: 'array',
            items: {
              type: 'object',
              required: ['name', 'ok'],
              properties: {
                object: { type: 'string' },
                name: { type: 'string' },
                ok: { type: 'boolean' },
              },
            },
          },
          mismatches: {
            type: 'array',
            items: {
              type: 'object',
              required: ['ranges', 'message'],
              properties: {
                object: { type: 'string' },
                column: { type: 'string' },
                ranges: {
                  type: 'array',
                  description:
                    'Key ranges, only for callers with dataset.data.read',
                  items: { type: 'string' },
                },
                message: { type: 'string' },
              },
            },
          },
          contractChecks: {
            type: 'array',
            items: {
              type: 'object',
              required: ['rule', 'ok', 'violations'],
              properties: {
                object: { type: 'string' },
                rule: { type: 'string' },
                field: { type: 'string' },
                ok: { type: 'boolean' },
                violations: { type: 'integer' },
              },
            },
          },
          setAside: { $ref: '#/components/schemas/SetAsideReport' },
          seconds: { type: 'number' },
        },
      },
      SetAsideReport: {
        type: 'object',
        description:
          'The rows that are not in the new version because a value of theirs\ncannot be cast; absent where no cast sets rows aside\n',
        required: [
          'place',
          'sourceRows',
          'keptRows',
          'sourceChecksum',
          'keptChecksum',
          'fields',
        ],
        properties: {
          place: { type: 'string', description: 'Where they are kept' },
          sourceRows: { type: 'integer' },
          keptRows: { type: 'integer' },
          sourceChecksum: { type: 'string' },
          keptChecksum: { type: 'string' },
          fields: {
            type: 'array',
            description: 'Rows kept for each field; a row may fail for several',
            items: {
              type: 'object',
              required: ['name', 'rows'],
              properties: {
                name: { type: 'string' },
                rows: { type: 'integer' },
              },
            },
          },
        },
      },
      MigrationEvent: {
        type: 'object',
        required: ['id', 'at', 'level', 'message'],
        properties: {
          id: { type: 'string' },
          at: { $ref: '#/components/schemas/Timestamp' },
          level: { type: 'string', enum: ['info', 'warn', 'error'] },
          stage: { $ref: '#/components/schemas/Stage' },
          message: { type: 'string' },
          data: { type: 'object' },
        },
      },
      Delivery: {
        type: 'object',
        description:
          'Tells of a migration, then with `migrationId` and `datasetRef`, of a campaign, then with `campaignId`, or is a digest, with none of them',
        required: [
          'id',
          'consumerRef',
          'kind',
          'eventType',
          'target',
          'state',
          'attempts',
          'createdAt',
        ],
        properties: {
          id: { $ref: '#/components/schemas/Uuid' },
          migrationId: { $ref: '#/components/schemas/Uuid' },
          datasetRef: { $ref: '#/components/schemas/EntityRef' },
          campaignId: { $ref: '#/components/schemas/Uuid' },
          consumerRef: {
            allOf: [{ $ref: '#/components/schemas/EntityRef' }],
            description:
              'Whom it is for; a consumer, an owner, or the dataset where it is for all',
          },
          kind: {
            type: 'string',
            description:
              '`webhook`, `notification`, `followers`, `event`, or the id of a notifier',
          },
          eventType: {
            type: 'string',
            description:
              'CloudEvents type: `dev.skein.dataset-migration.` and `announced`,\n`blocked`, `overridden`, `dates-set`, `more-time`, `reminder`, `starting`,\n`succeeded`, `failed`, `cancelled`, `rolled-back`, `retiring` or `retired`;\n`dev.skein.dataset-campaign.` and `finished`, `cancelled` or `waiting`;\n`dev.skein.dataset-digest.waiting`\n',
            example: 'dev.skein.dataset-migration.succeeded',
          },
          target: {
            type: 'string',
            description: 'Scheme, host and path; no query, no credentials',
          },
          state: { $ref: '#/components/schemas/DeliveryState' },
          attempts: { type: 'integer' },
          lastError: { type: 'string' },
          lastStatus: { type: 'integer' },
          createdAt: { $ref: '#/components/schemas/Timestamp' },
          deliveredAt: { $ref: '#/components/schemas/Timestamp' },
          nextAttemptAt: {
            allOf: [{ $ref: '#/components/schemas/Timestamp' }],
            description:
              'When it is tried again; absent for a pending one that was not tried yet,\nas it waits for a worker or for what is told before it\n',
          },
        },
      },
      CampaignState: {
        type: 'string',
        enum: [
          'planning',
          'planned',
          'running',
          'paused',
          'cancelling',
          'cancelled',
          'finished',
          'failed',
        ],
      },
      CampaignDatasetState: {
        type: 'string',
        enum: [
          'pending',
          'waiting',
          'active',
          'blocked',
          'succeeded',
          'failed',
          'cancelled',
          'skipped',
          'excluded',
        ],
      },
      Rate: { type: 'number', minimum: 0, maximum: 1 },
      CatalogFilter: {
        type: 'object',
        description: 'All keys must match, each one of its values',
        minProperties: 1,
        maxProperties: 20,
        additionalProperties: {
          oneOf: [
            { type: 'string', maxLength: 500 },
            {
              type: 'array',
              minItems: 1,
              maxItems: 100,
              items: { type: 'string', maxLength: 500 },
            },
          ],
        },
      },
      CampaignSelection: {
        type: 'object',
        description: 'Exactly one of the three',
        additionalProperties: false,
        minProperties: 1,
        maxProperties: 1,
        properties: {
          datasets: {
            type: 'array',
            minItems: 1,
            maxItems: 20000,
            items: { $ref: '#/components/schemas/EntityRef' },
          },
          filter: {
            description:
              'A filter of the catalog, or several of which one must match',
            oneOf: [
              { $ref: '#/components/schemas/CatalogFilter' },
              {
                type: 'array',
                minItems: 1,
                maxItems: 20,
                items: { $ref: '#/components/schemas/CatalogFilter' },
              },
            ],
          },
          query: {
            type: 'object',
            description: 'As in `GET /datasets`',
            additionalProperties: false,
            properties: {
              search: {
                type: 'string',
                maxLength: 200,
                pattern: '^[^\\x00]+$',
              },
              owner: { $ref: '#/components/schemas/EntityRef' },
              engine: {
                type: 'string',
                maxLength: 100,
                pattern: '^[^\\x00]+$',
              },
              status: { type: 'string', enum: ['upgradable'] },
            },
          },
        },
      },
      TimeWindow: {
        type: 'object',
        description:
          'Migrations may start in it; what runs when it closes goes on',
        additionalProperties: false,
        required: ['from', 'to', 'timeZone'],
        properties: {
          days: {
            type: 'array',
            description: 'Days on which it opens; all of them when absent',
            minItems: 1,
            maxItems: 7,
            items: {
              type: 'string',
              enum: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
            },
          },
          from: { type: 'string', pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' },
          to: {
            type: 'string',
            description: 'Before or at `from` means on the next day',
            pattern: '^([01]\\d|2[0-3]):[0-5]\\d$',
          },
          timeZone: {
            type: 'string',
            description: 'IANA name',
            maxLength: 100,
            example: 'Europe/Berlin',
          },
        },
      },
      CampaignLimits: {
        type: 'object',
        additionalProperties: false,
        properties: {
          batchSize: {
            type: 'integer',
            description: 'Migrations started in one go',
            minimum: 1,
            maximum: 1000,
            default: 100,
          },
          maxInFlight: {
            type: 'integer',
            description: 'Migrations that are queued or run at a time',
            minimum: 1,
            maximum: 100000,
            default: 1000,
          },
          startsPerMinute: { type: 'integer', minimum: 1, maximum: 100000 },
          maxInFlightPerConnection: {
            type: 'integer',
            minimum: 1,
            maximum: 100000,
          },
          maxInFlightPerOwner: { type: 'integer', minimum: 1, maximum: 100000 },
        },
      },
      CampaignWaves: {
        type: 'object',
        description:
          'Share by share, each gated on the failures of the one before',
        additionalProperties: false,
        required: ['canary', 'shares', 'maxFailureRate'],
        properties: {
          canary: { type: 'integer', minimum: 1, maximum: 100000 },
          shares: {
            type: 'array',
            description: 'How much is done after each wave, rising',
            maxItems: 20,
            items: { $ref: '#/components/schemas/Rate' },
          },
          maxFailureRate: { $ref: '#/components/schemas/Rate' },
        },
      },
      CampaignStopRule: {
        type: 'object',
        description: 'When it pauses by itself; whichever is reached first',
        additionalProperties: false,
        properties: {
          failures: { type: 'integer', minimum: 1, maximum: 100000 },
          failureRate: { $ref: '#/components/schemas/Rate' },
        },
      },
      WebhookKey: {
        type: 'object',
        description: 'An Ed25519 public key as a JSON Web Key (RFC 8037)',
        required: ['kty', 'crv', 'alg', 'use', 'kid', 'x', 'whpk'],
        properties: {
          kty: { type: 'string', enum: ['OKP'] },
          crv: { type: 'string', enum: ['Ed25519'] },
          alg: { type: 'string', enum: ['EdDSA'] },
          use: { type: 'string', enum: ['sig'] },
          kid: {
            type: 'string',
            description: 'The thumbprint of the key (RFC 7638)',
          },
          x: { type: 'string', description: 'The key, base64url' },
          whpk: {
            type: 'string',
            description: 'The same as Standard Webhooks writes it',
          },
        },
      },
      CampaignPolicy: {
        type: 'string',
        description:
          'As of migrations; `proposed` takes for each dataset what its plan\nproposes.\n',
        enum: ['switch', 'coexist', 'proposed'],
      },
      CreateCampaignRequest: {
        type: 'object',
        additionalProperties: false,
        required: ['title', 'selection'],
        properties: {
          title: {
            type: 'string',
            minLength: 1,
            maxLength: 200,
            pattern: '^[^\\x00]+$',
          },
          description: {
            type: 'string',
            maxLength: 5000,
            pattern: '^[^\\x00]*$',
          },
          selection: { $ref: '#/components/schemas/CampaignSelection' },
          targetVersion: {
            type: 'string',
            description:
              'A version, or a range of versions of which each dataset gets the\nhighest that it has; the next version of each when absent\n',
            minLength: 1,
            maxLength: 100,
            example: '2.x',
          },
          policy: { $ref: '#/components/schemas/CampaignPolicy' },
          limits: { $ref: '#/components/schemas/CampaignLimits' },
          waves: { $ref: '#/components/schemas/CampaignWaves' },
          windows: {
            type: 'array',
            maxItems: 20,
            items: { $ref: '#/components/schemas/TimeWindow' },
          },
          stop: { $ref: '#/components/schemas/CampaignStopRule' },
          timeoutMinutes: {
            type: 'integer',
            description:
              'Cancels a migration that takes longer; it counts as failed',
            minimum: 1,
            maximum: 100000,
          },
          autoStart: {
            type: 'boolean',
            description: 'Goes on by itself after the dry run',
            default: false,
          },
        },
      },
      CampaignSummary: {
        type: 'object',
        required: [
          'id',
          'title',
          'state',
          'createdBy',
          'createdAt',
          'total',
          'counts',
        ],
        properties: {
          id: { $ref: '#/components/schemas/Uuid' },
          title: { type: 'string' },
          state: { $ref: '#/components/schemas/CampaignState' },
          reason: {
            type: 'string',
            description: 'Why it is paused, or failed',
          },
          createdBy: { type: 'string' },
          createdAt: { $ref: '#/components/schemas/Timestamp' },
          startedAt: { $ref: '#/components/schemas/Timestamp' },
          finishedAt: { $ref: '#/components/schemas/Timestamp' },
          total: {
            type: 'integer',
            description: 'Datasets that were selected',
          },
          counts: {
            type: 'object',
            description: 'Datasets by state',
            additionalProperties: { type: 'integer' },
          },
          wave: {
            type: 'object',
            required: ['current', 'count'],
            properties: {
              current: { type: 'integer' },
              count: { type: 'integer' },
            },
          },
          endedPerMinute: { type: 'number' },
          secondsLeft: { type: 'number' },
          opensAt: { $ref: '#/components/schemas/Timestamp' },
        },
      },
      Campaign: {
        allOf: [
          { $ref: '#/components/schemas/CampaignSummary' },
          {
            type: 'object',
            required: [
              'selection',
              'policy',
              'limits',
              'windows',
              'autoStart',
              'actions',
              'events',
            ],
            properties: {
              description: { type: 'string' },
              selection: { type: 'object' },
              targetVersion: { type: 'string' },
              policy: { $ref: '#/components/schemas/CampaignPolicy' },
              limits: { $ref: '#/components/schemas/CampaignLimits' },
              waves: { $ref: '#/components/schemas/CampaignWaves' },
              windows: {
                type: 'array',
                items: { $ref: '#/components/schemas/TimeWindow' },
              },
              stop: { $ref: '#/components/schemas/CampaignStopRule' },
              timeoutMinutes: { type: 'integer' },
              autoStart: { type: 'boolean' },
              dryRun: {
                type: 'object',
                description: 'Over the datasets that can be migrated',
                required: [
                  'breaking',
                  'verdicts',
                  'metadataOnly',
                  'rows',
                  'bytes',
                  'cycles',
                ],
                properties: {
                  breaking: {
                    type: 'integer',
                    description: 'Datasets of which somebody would break',
                  },
                  verdicts: {
                    type: 'object',
                    additionalProperties: { type: 'integer' },
                  },
                  metadataOnly: { type: 'integer' },
                  rows: { type: 'number' },
                  bytes: { type: 'number' },
                  cycles: {
                    type: 'array',
                    items: { type: 'array', items: { type: 'string' } },
                  },
                },
              },
              actions: {
                type: 'array',
                items: {
                  type: 'string',
                  enum: ['start', 'pause', 'resume', 'cancel', 'retry-failed'],
                },
              },
              events: {
                type: 'array',
                description: 'Newest first, the last 50',
                items: {
                  type: 'object',
                  required: ['at', 'level', 'message'],
                  properties: {
                    at: { $ref: '#/components/schemas/Timestamp' },
                    level: { type: 'string', enum: ['info', 'warn', 'error'] },
                    message: { type: 'string' },
                  },
                },
              },
            },
          },
        ],
      },
      CampaignDataset: {
        type: 'object',
        required: [
          'datasetRef',
          'title',
          'state',
          'level',
          'blockedBy',
          'upstreams',
        ],
        properties: {
          datasetRef: { type: 'string' },
          title: { type: 'string' },
          owner: { type: 'string' },
          engine: { type: 'string' },
          state: { $ref: '#/components/schemas/CampaignDatasetState' },
          reason: { type: 'string' },
          wave: { type: 'integer' },
          level: { type: 'integer' },
          fromVersion: { $ref: '#/components/schemas/Version' },
          toVersion: { $ref: '#/components/schemas/Version' },
          policy: { $ref: '#/components/schemas/Policy' },
          changes: { type: 'integer' },
          breaking: { type: 'boolean' },
          strategy: { type: 'string', enum: ['metadata-only', 'shadow-copy'] },
          rows: { type: 'number' },
          bytes: { type: 'number' },
          verdicts: {
            type: 'object',
            additionalProperties: { type: 'integer' },
          },
          blockedBy: { type: 'array', items: { type: 'string' } },
          upstreams: { type: 'array', items: { type: 'string' } },
          migrationId: { $ref: '#/components/schemas/Uuid' },
          startedAt: { $ref: '#/components/schemas/Timestamp' },
          finishedAt: { $ref: '#/components/schemas/Timestamp' },
        },
      },
      FailureGroup: {
        type: 'object',
        required: ['state', 'name', 'cause', 'count', 'latest'],
        properties: {
          state: { type: 'string', enum: ['failed', 'blocked'] },
          stage: { $ref: '#/components/schemas/Stage' },
          name: { type: 'string', description: 'Of the error' },
          cause: {
            type: 'string',
            description: 'The message without names and numbers',
          },
          count: { type: 'integer' },
          latest: {
            type: 'array',
            maxItems: 5,
            items: {
              type: 'object',
              required: ['migrationId', 'datasetRef', 'message'],
              properties: {
                migrationId: { $ref: '#/components/schemas/Uuid' },
                datasetRef: { type: 'string' },
                message: { type: 'string' },
              },
            },
          },
        },
      },
      QueueSample: {
        type: 'object',
        required: [
          'at',
          'depth',
          'eligibleBacklog',
          'oldestAgeSeconds',
          'running',
          'workersAlive',
          'succeeded',
          'failed',
        ],
        properties: {
          at: { $ref: '#/components/schemas/Timestamp' },
          depth: { type: 'integer' },
          eligibleBacklog: { type: 'integer' },
          oldestAgeSeconds: { type: 'number' },
          running: { type: 'integer' },
          workersAlive: { type: 'integer' },
          succeeded: {
            type: 'integer',
            description: 'Migrations that succeeded since the sample before',
          },
          failed: {
            type: 'integer',
            description: 'Migrations that failed since the sample before',
          },
        },
      },
      QueueStatus: {
        type: 'object',
        required: [
          'depth',
          'eligibleBacklog',
          'oldestAgeSeconds',
          'running',
          'failed',
          'workersAlive',
          'workers',
        ],
        properties: {
          depth: { type: 'integer', description: 'Jobs that wait' },
          eligibleBacklog: {
            type: 'integer',
            description:
              'Jobs that are due, and datasets that campaigns could start now',
          },
          oldestAgeSeconds: {
            type: 'number',
            description: '0 when nothing is queued',
          },
          running: { type: 'integer' },
          failed: { type: 'integer' },
          workersAlive: { type: 'integer' },
          workers: {
            type: 'array',
            items: {
              type: 'object',
              required: [
                'id',
                'hostname',
                'pid',
                'slots',
                'running',
                'state',
                'startedAt',
                'lastSeenAt',
              ],
              properties: {
                id: { type: 'string' },
                hostname: { type: 'string' },
                pid: { type: 'integer' },
                slots: { type: 'integer' },
                running: { type: 'integer' },
                state: {
                  type: 'string',
                  enum: ['working', 'draining'],
                  description: 'draining: it stops, and takes no more jobs',
                },
                engines: {
                  type: 'array',
                  items: { type: 'string' },
                  description:
                    'Engines whose datasets it takes; absent for a worker of an earlier release',
                },
                version: {
                  type: 'string',
                  description: 'Release of the plugin',
                },
                startedAt: { $ref: '#/components/schemas/Timestamp' },
                lastSeenAt: { $ref: '#/components/schemas/Timestamp' },
              },
            },
          },
        },
      },
    },
  },
};
