/** What tells the parts of a stack apart without colour; their colours are those of the page. */
export const PATTERNS = `<svg class="defs" aria-hidden="true"><defs>
<pattern id="calm" width="9" height="9" patternUnits="userSpaceOnUse"><rect width="9" height="9"/><path d="M0,8H9" stroke-width="1.5"/></pattern>
<pattern id="care" width="12" height="8" patternUnits="userSpaceOnUse"><rect width="12" height="8"/><path d="M-3,10L9,-2M9,10L15,4M-3,2L3,-4" stroke-width="1.5"/></pattern>
<pattern id="bad" width="8" height="5" patternUnits="userSpaceOnUse"><rect width="8" height="5"/><path d="M0,4H8" stroke-width="1"/></pattern>
<pattern id="lost" width="10" height="10" patternUnits="userSpaceOnUse"><rect width="10" height="10"/><path d="M0,0L10,10M10,0L0,10" stroke-width="1"/></pattern>
</defs></svg>`
