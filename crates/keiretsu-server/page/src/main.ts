import { mount } from "svelte";
import App from "./App.svelte";
import "./tokens.css";
import "./base.css";

const place = document.getElementById("page");
if (place === null) throw new Error("the page has no place of its own");
place.replaceChildren();
mount(App, { target: place });
