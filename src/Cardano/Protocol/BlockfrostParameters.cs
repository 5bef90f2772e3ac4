namespace Masumi.Cardano;
internal static class BlockfrostParameters { internal static ProtocolParameters Read(string s)=>throw new NotImplementedException(); internal static string MainnetDocument()=>throw new NotImplementedException(); }
