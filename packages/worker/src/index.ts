import { createWorker } from './createWorker';

createWorker().then(worker => worker.start());
