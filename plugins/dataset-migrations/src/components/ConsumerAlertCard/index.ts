export { ConsumerAlertCard } from './ConsumerAlertCard';
