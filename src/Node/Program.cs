using System.CommandLine;
using Masumi.Node.Verbs;

var root = new RootCommand("Masumi: AI agents that buy and sell work from each other, paid through escrow on Cardano.")
{
    DemoVerb.Create(),
    DevnetVerb.Create(),
    NodeVerb.Create(),
    UplcVerb.Create(),
};
return await root.Parse(args).InvokeAsync();
