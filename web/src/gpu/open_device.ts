// Asks the browser for a device, and says in words why there is none.

import type { AdapterReport, Tier } from "../messages";

/** WebGPU is absent or refuses: nothing of shoal can run, and the message says what the reader can do. */
export class WebGpuMissingError extends Error {}

const kWantedFeatures: readonly GPUFeatureName[] = ["timestamp-query", "subgroups", "shader-f16"];

export interface OpenDevice {
  device: GPUDevice;
  report: AdapterReport;
}

/**
 * `full` asks for all limits that the adapter has, for the features that shoal uses and for others that are wanted; `minimum`
 * for WebGPU's defaults and no optional feature.
 */
export async function openDevice(
  gpu: GPU | undefined,
  tier: Tier,
  isWanted: (feature: string) => boolean = () => false,
): Promise<OpenDevice> {
  if (!gpu) throw new WebGpuMissingError("This browser does not offer WebGPU.");
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) {
    throw new WebGpuMissingError(
      "This browser has WebGPU, but it finds no graphics adapter that it is willing to use.",
    );
  }
  const features = [...adapter.features] as GPUFeatureName[];
  const requiredFeatures =
    tier === "full" ? features.filter((name) => kWantedFeatures.includes(name) || isWanted(name)) : [];
  const requiredLimits = tier === "full" ? numbersOf(adapter.limits) : {};
  const device = await adapter.requestDevice({ label: "shoal", requiredFeatures, requiredLimits });
  return { device, report: reportOf(device, adapter.info) };
}

/** What the core is told of a device. */
export function reportOf(device: GPUDevice, info: GPUAdapterInfo): AdapterReport {
  const { vendor, architecture, description, subgroupMinSize, subgroupMaxSize } = info;
  return {
    vendor,
    architecture,
    description,
    subgroup_min_size: subgroupMinSize,
    subgroup_max_size: subgroupMaxSize,
    limits: numbersOf(device.limits),
    features: [...device.features],
  };
}

// Limits are getters of a prototype, so neither spreading nor JSON sees them.
function numbersOf(limits: GPUSupportedLimits): Record<string, number> {
  const found: Record<string, number> = {};
  for (const name in limits) {
    const value: unknown = limits[name as keyof GPUSupportedLimits];
    if (typeof value === "number") found[name] = value;
  }
  return found;
}
