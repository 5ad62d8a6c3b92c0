import '@fontsource-variable/inter/wght.css';
import { mount } from 'svelte';
import Root from './Root.svelte';
import { connect } from './client/connect.ts';
import './ui/base.css';
import './ui/tokens.css';

const target = document.getElementById('app');
if (target === null) throw new Error('index.html has no #app.');
mount(Root, { target, props: { connect } });
