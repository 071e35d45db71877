// A three.js page: a lit scene with shadows, instances and orbiting meshes, whose middle pixel is picked now and then.
import * as THREE from "three/webgpu";

const kFrames = 40;
const kFramesPerPick = 8;
const kSide = 96;

function addMeshes(scene) {
  const floor = new THREE.Mesh(
    new THREE.PlaneGeometry(20, 20),
    new THREE.MeshStandardMaterial({ color: 0x667788, roughness: 0.9 }),
  );
  floor.rotation.x = -Math.PI / 2;
  floor.receiveShadow = true;
  scene.add(floor);

  const planets = new THREE.Group();
  const sphere = new THREE.SphereGeometry(0.4, 24, 16);
  for (let i = 0; i < 12; ++i) {
    const color = new THREE.Color().setHSL(i / 12, 0.7, 0.5);
    const mesh = new THREE.Mesh(sphere, new THREE.MeshStandardMaterial({ color, metalness: 0.2 }));
    mesh.position.set(3 * Math.cos((i * Math.PI) / 6), 0.6, 3 * Math.sin((i * Math.PI) / 6));
    mesh.castShadow = true;
    planets.add(mesh);
  }
  scene.add(planets);

  const boxes = new THREE.InstancedMesh(
    new THREE.BoxGeometry(0.3, 0.3, 0.3),
    new THREE.MeshLambertMaterial({ color: 0xffcc55 }),
    200,
  );
  const place = new THREE.Matrix4();
  for (let i = 0; i < 200; ++i) {
    boxes.setMatrixAt(i, place.makeTranslation((i % 20) - 10, 0.15, Math.floor(i / 20) - 8));
  }
  scene.add(boxes);
  return planets;
}

function addLights(scene) {
  scene.add(new THREE.HemisphereLight(0xbbddff, 0x332211, 0.8));
  const sun = new THREE.DirectionalLight(0xffffff, 2);
  sun.position.set(4, 8, 3);
  sun.castShadow = true;
  sun.shadow.mapSize.set(256, 256);
  scene.add(sun);
}

const renderer = new THREE.WebGPURenderer({ antialias: true });
renderer.setSize(kSide, kSide);
renderer.shadowMap.enabled = true;
document.body.append(renderer.domElement);

const scene = new THREE.Scene();
scene.background = new THREE.Color(0x101820);
const camera = new THREE.PerspectiveCamera(50, 1, 0.1, 100);
camera.position.set(0, 5, 9);
camera.lookAt(0, 0, 0);
addLights(scene);
const planets = addMeshes(scene);
const picture = new THREE.RenderTarget(kSide, kSide);

let frame = 0;
const picked = [];

async function pick() {
  renderer.setRenderTarget(picture);
  renderer.render(scene, camera);
  renderer.setRenderTarget(null);
  const texel = await renderer.readRenderTargetPixelsAsync(picture, kSide / 2, kSide / 2, 1, 1);
  picked.push([...texel.slice(0, 3)].join("/"));
}

async function animate() {
  planets.rotation.y = frame * 0.05;
  renderer.render(scene, camera);
  if (++frame % kFramesPerPick === 0) await pick();
  if (frame < kFrames) return;
  renderer.setAnimationLoop(null);
  document.title = picked.join(" ");
  setTimeout(close, 300);
}

await renderer.init();
renderer.setAnimationLoop(animate);
