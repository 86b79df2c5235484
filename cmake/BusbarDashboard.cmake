# The library busbar_dashboard: the page's files as bytes (dashboard/assets.hpp). Without
# BUSBAR_DASHBOARD, or before the page exists, it holds no file and says so.
add_library(busbar_dashboard INTERFACE)
