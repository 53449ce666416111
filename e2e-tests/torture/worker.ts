import { startAmbushedWorker } from './startAmbushedWorker';

startAmbushedWorker();
