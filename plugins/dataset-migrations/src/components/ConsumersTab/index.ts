export { ConsumersTab } from './ConsumersTab';
