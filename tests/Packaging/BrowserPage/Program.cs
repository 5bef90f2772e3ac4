using Masumi.BrowserPage;
using Microsoft.AspNetCore.Components.WebAssembly.Hosting;

var builder = WebAssemblyHostBuilder.CreateDefault(args);
builder.RootComponents.Add<KeyPage>("#app");
await builder.Build().RunAsync();
