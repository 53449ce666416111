import { startAmbushedWorker } from '../torture/startAmbushedWorker';

startAmbushedWorker(import('@skein-examples/backend-module-mask-email-agent'));
