import BookImage from '@lucide/svelte/icons/book-image';
import Images from '@lucide/svelte/icons/images';
import Stethoscope from '@lucide/svelte/icons/stethoscope';
import type { Component } from 'svelte';
import type { RoomId } from '../state/studio.svelte.ts';
import DoctorRoom from './doctor/DoctorRoom.svelte';
import ImagesRoom from './images/ImagesRoom.svelte';
import LibraryRoom from './library/LibraryRoom.svelte';

export interface Room {
  readonly id: RoomId;
  readonly title: string;
  readonly icon: Component<{ size?: number; strokeWidth?: number }>;
  /** Takes no props: everything comes from the context. */
  readonly component: Component;
  /** The letter after G. */
  readonly key: string;
}

/** The rooms of the studio in the order of the rail. Ctrl+1 opens the first. */
export const rooms: readonly Room[] = [
  { id: 'library', title: 'Library', icon: BookImage, component: LibraryRoom, key: 'l' },
  { id: 'images', title: 'Images', icon: Images, component: ImagesRoom, key: 'i' },
  { id: 'doctor', title: 'Doctor', icon: Stethoscope, component: DoctorRoom, key: 'd' },
];
