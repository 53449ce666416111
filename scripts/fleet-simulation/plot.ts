import type { TopLevelSpec } from 'vega-lite';
import { Report } from './simulate';

const WIDTH = 900;
/** Seconds over which throughput is averaged. */
const BIN = 3;
const STEP = 'step-after' as const;
const NUMBER = 'quantitative' as const;

/** Jobs that ended, for each second of a bin. */
function throughput({ endings, seconds }: Report) {
  const bins = Array.from({ length: Math.ceil(seconds / BIN) }, (_, index) => ({
    second: index * BIN,
    rate: 0,
  }));
  for (const second of endings) {
    const bin = bins[Math.floor(second / BIN)];
    if (bin) bin.rate += 1 / BIN;
  }
  return bins;
}

/** Lines of the numbers of workers, one below the other in the legend. */
const LINES = [
  { name: 'wanted by the metric', color: '#bdbdbd' },
  { name: 'decided', color: '#d1762b' },
  { name: 'take jobs', color: '#2f7d4f' },
];

function workers({ samples }: Report, maxReplicas: number) {
  return samples.flatMap(({ second, wanted, replicas, ready }) =>
    [Math.min(wanted, maxReplicas), replicas, ready].map((count, index) => ({
      second,
      count,
      what: LINES[index].name,
    })),
  );
}

/**
 * Backlog, workers and throughput over time, one below the other, as SVG.
 *
 * @param options.title - what is shown
 * @param options.notes - lines below it: what is scaled down, among others
 * @param options.maxReplicas - what is wanted is drawn up to there
 */
export async function plot(
  report: Report,
  options: { title: string; notes: string[]; maxReplicas: number },
): Promise<string> {
  const x = {
    field: 'second',
    type: NUMBER,
    scale: { domain: [0, Math.ceil(report.seconds)], nice: false },
    title: 'seconds',
  };
  const rules = {
    data: { values: report.events },
    mark: { type: 'rule' as const, color: '#999', strokeDash: [4, 3] },
    encoding: { x },
  };
  // Each in a row of its own, as two may be close to each other.
  const labels = report.events.map((event, row) => ({
    data: { values: [event] },
    mark: {
      type: 'text' as const,
      align: 'left' as const,
      dx: 4,
      color: '#444',
    },
    encoding: {
      x,
      y: { value: 10 + 14 * row },
      text: { field: 'label' },
    },
  }));
  const area = (color: string, line: string) => ({
    type: 'area' as const,
    interpolate: STEP,
    color,
    line: { color: line },
  });

  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    background: 'white',
    title: {
      text: options.title,
      subtitle: options.notes,
      anchor: 'start',
      fontSize: 16,
      subtitleFontSize: 12,
      subtitleColor: '#555',
      offset: 14,
    },
    vconcat: [
      {
        width: WIDTH,
        height: 170,
        layer: [
          {
            data: { values: report.samples },
            mark: area('#7aa6c2', '#2b6a8f'),
            encoding: {
              x,
              y: { field: 'backlog', type: NUMBER, title: 'eligible backlog' },
            },
          },
          rules,
          ...labels,
        ],
      },
      {
        width: WIDTH,
        height: 190,
        layer: [
          {
            data: { values: workers(report, options.maxReplicas) },
            mark: { type: 'line', interpolate: STEP },
            encoding: {
              x,
              y: {
                field: 'count',
                type: NUMBER,
                title: 'workers',
                // Room for the legend.
                scale: { domain: [0, options.maxReplicas * 1.2], nice: false },
              },
              color: {
                field: 'what',
                type: 'nominal',
                title: null,
                sort: null,
                scale: {
                  domain: LINES.map(({ name }) => name),
                  range: LINES.map(({ color }) => color),
                },
                legend: {
                  orient: 'top-right',
                  direction: 'horizontal',
                  labelLimit: 200,
                },
              },
            },
          },
          rules,
        ],
      },
      {
        width: WIDTH,
        height: 130,
        layer: [
          {
            data: { values: throughput(report) },
            mark: area('#b5a5cf', '#6b529c'),
            encoding: {
              x,
              y: { field: 'rate', type: NUMBER, title: 'jobs a second' },
            },
          },
          rules,
        ],
      },
    ],
    resolve: { legend: { color: 'independent' } },
    config: { view: { stroke: '#ddd' }, font: 'sans-serif' },
  };

  // They await something at their top level, and cannot be required.
  const vega = await import('vega');
  const { compile } = await import('vega-lite');
  const view = new vega.View(vega.parse(compile(spec).spec), {
    renderer: 'none',
  });
  return view.toSVG();
}
