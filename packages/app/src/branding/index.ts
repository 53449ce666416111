export { brandingModule } from './module';
export { Logo } from './Logo';
