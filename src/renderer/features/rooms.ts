import BookImage from '@lucide/svelte/icons/book-image';
import ChartSpline from '@lucide/svelte/icons/chart-spline';
import Images from '@lucide/svelte/icons/images';
import Network from '@lucide/svelte/icons/network';
import SettingsIcon from '@lucide/svelte/icons/settings';
import Split from '@lucide/svelte/icons/split';
import Stethoscope from '@lucide/svelte/icons/stethoscope';
import Triangle from '@lucide/svelte/icons/triangle';
import Waypoints from '@lucide/svelte/icons/waypoints';
import type { Component } from 'svelte';
import type { RoomId } from '../state/studio.svelte.ts';
import DoctorRoom from './doctor/DoctorRoom.svelte';
import ImagesRoom from './images/ImagesRoom.svelte';
import LibraryRoom from './library/LibraryRoom.svelte';
import NeighborsRoom from './neighbors/NeighborsRoom.svelte';
import RunsRoom from './runs/RunsRoom.svelte';
import SettingsRoom from './settings/SettingsRoom.svelte';
import SplitsRoom from './splits/SplitsRoom.svelte';
import SweepsRoom from './sweeps/SweepsRoom.svelte';
import TripletsRoom from './triplets/TripletsRoom.svelte';

export interface Room {
  readonly id: RoomId;
  readonly title: string;
  readonly icon: Component<{ size?: number; strokeWidth?: number }>;
  /** Takes no props: everything comes from the context. */
  readonly component: Component;
  /** The letter after G. */
  readonly key: string;
  /** Single images are looked at here: the inspector stands beside. */
  readonly inspects: boolean;
}

/** The rooms of the studio in the order of the rail. Ctrl+1 opens the first. */
export const rooms: readonly Room[] = [
  { id: 'library', title: 'Library', icon: BookImage, component: LibraryRoom, key: 'l', inspects: false },
  { id: 'images', title: 'Images', icon: Images, component: ImagesRoom, key: 'i', inspects: true },
  { id: 'splits', title: 'Splits', icon: Split, component: SplitsRoom, key: 's', inspects: false },
  { id: 'runs', title: 'Runs', icon: ChartSpline, component: RunsRoom, key: 'r', inspects: false },
  { id: 'sweeps', title: 'Searches', icon: Waypoints, component: SweepsRoom, key: 'w', inspects: false },
  { id: 'triplets', title: 'Triplets', icon: Triangle, component: TripletsRoom, key: 't', inspects: true },
  { id: 'neighbors', title: 'Neighbours', icon: Network, component: NeighborsRoom, key: 'n', inspects: true },
  { id: 'doctor', title: 'Doctor', icon: Stethoscope, component: DoctorRoom, key: 'd', inspects: false },
  {
    id: 'settings',
    title: 'Settings',
    icon: SettingsIcon,
    component: SettingsRoom,
    key: 'p',
    inspects: false,
  },
];
