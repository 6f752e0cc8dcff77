/** How a picture looks; it carries its own style, because it may be shown anywhere. */
export const STYLE = `
text { font-family: system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; font-size: 12px; fill: #1f2328 }
text.title { font-size: 20px; font-weight: 600 }
text.totals { font-size: 14px }
text.heading { font-size: 15px; font-weight: 600 }
text.group { font-weight: 600 }
text.soft { fill: #57606a }
text.bad { fill: #cf222e }
text.caption { font-size: 10.5px; fill: #57606a }
text.end { text-anchor: end }
text.pod { font-size: 10.5px; text-anchor: middle }
text.light { fill: #ffffff }
.room { fill: #eaeef2 }
.edge { fill: none; stroke: #8c959f; stroke-width: 0.8 }
.edge.going { stroke: #cf222e; stroke-width: 1.4 }
.edge.new { stroke: #1a7f37; stroke-width: 1.4 }
.old { opacity: 0.4 }
.cut { stroke: #ffffff; stroke-opacity: 0.6; stroke-width: 0.8 }
`
