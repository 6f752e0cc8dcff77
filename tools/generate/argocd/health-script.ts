/**
 * The health of an object of ours, for Argo CD: a script in Lua, which finds the object in `obj` and answers status and message.
 * Of what is being deleted Argo CD says by itself that it is Progressing. All kinds have the same grammar of conditions (src/core/conditions.ts), so one script is enough.
 *
 * Argo CD gives scripts no library but Lua's base and tables (its operator manual, "Resource Health", "Custom Health Checks").
 */
export const HEALTH_SCRIPT = `local metadata = obj.metadata
local status = obj.status or {}
local conditions = {}
for _, condition in ipairs(status.conditions or {}) do
  conditions[condition.type] = condition
end
local ready = conditions.Ready

local function is_true(type)
  return conditions[type] ~= nil and conditions[type].status == "True"
end

local function says(health, condition)
  return { status = health, message = condition.reason .. ": " .. condition.message }
end

-- Also before longshore has seen the annotation: it makes no write from now on.
if (metadata.annotations or {})["longshore.dev/paused"] == "true" then
  return { status = "Suspended", message = "Paused: held by the annotation longshore.dev/paused; remove it to go on" }
end
if ready == nil then
  return { status = "Progressing", message = "Waiting for longshore to look at it" }
end
if status.observedGeneration ~= metadata.generation or ready.observedGeneration ~= metadata.generation then
  return { status = "Progressing", message = "Waiting for longshore to see the newest edit" }
end
if ready.reason == "Paused" then
  return { status = "Progressing", message = "Waiting for longshore to take it up again" }
end

-- A person decides how it goes on.
if ready.reason == "ObserveOnly" or ready.reason == "AdoptionPending" then
  return says("Suspended", ready)
end
if is_true("Stalled") then
  return says("Degraded", conditions.Stalled)
end
if is_true("Reconciling") or ready.status ~= "True" then
  return says("Progressing", ready)
end

local available = conditions.Available
if available ~= nil and available.status ~= "True" then
  -- A difference that is only reported does not go away by itself.
  return says(is_true("Drifted") and "Degraded" or "Progressing", available)
end
return says("Healthy", ready)
`
