import type { TopLevelSpec } from 'vega-lite';
import { Report } from './simulate';

const WIDTH = 900;
/** Seconds over which throughput is averaged. */
const BIN = 3;

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
    type: 'quantitative' as const,
    scale: { domain: [0, Math.ceil(report.seconds)], nice: false },
    title: null,
  };
  const rules = {
    data: { values: report.events },
    mark: { type: 'rule' as const, color: '#999', strokeDash: [4, 3] },
    encoding: { x },
  };
  const labels = {
    data: { values: report.events },
    mark: {
      type: 'text' as const,
      align: 'left' as const,
      baseline: 'top' as const,
      dx: 3,
      color: '#555',
      fontSize: 11,
    },
    encoding: { x, y: { value: -14 }, text: { field: 'label' } },
  };
  const workers = report.samples.flatMap(
    ({ second, wanted, replicas, ready }) => [
      {
        second,
        workers: Math.min(wanted, options.maxReplicas),
        what: 'wanted by the metric',
      },
      { second, workers: replicas, what: 'decided' },
      { second, workers: ready, what: 'take jobs' },
    ],
  );

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
      offset: 26,
    },
    vconcat: [
      {
        width: WIDTH,
        height: 170,
        layer: [
          {
            data: { values: report.samples },
            mark: {
              type: 'area',
              interpolate: 'step-after',
              color: '#7aa6c2',
              line: { color: '#2b6a8f' },
            },
            encoding: {
              x,
              y: {
                field: 'backlog',
                type: 'quantitative',
                title: 'eligible backlog, jobs',
              },
            },
          },
          rules,
          labels,
        ],
      },
      {
        width: WIDTH,
        height: 170,
        layer: [
          {
            data: { values: workers },
            mark: { type: 'line', interpolate: 'step-after' },
            encoding: {
              x,
              y: { field: 'workers', type: 'quantitative', title: 'workers' },
              color: {
                field: 'what',
                type: 'nominal',
                title: null,
                sort: ['wanted by the metric', 'decided', 'take jobs'],
                scale: { range: ['#c9c9c9', '#d1762b', '#2f7d4f'] },
                legend: { orient: 'top-right', fillColor: 'white', padding: 4 },
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
            mark: {
              type: 'area',
              interpolate: 'step-after',
              color: '#b5a5cf',
              line: { color: '#6b529c' },
            },
            encoding: {
              x: { ...x, title: 'seconds' },
              y: {
                field: 'rate',
                type: 'quantitative',
                title: 'jobs a second',
              },
            },
          },
          rules,
        ],
      },
    ],
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
