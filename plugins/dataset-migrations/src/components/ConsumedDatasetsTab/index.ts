export { ConsumedDatasetsTab } from './ConsumedDatasetsTab';
