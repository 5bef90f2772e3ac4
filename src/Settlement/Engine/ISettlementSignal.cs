namespace Masumi.Settlement.Engine;

/// <summary>Tells the engine that there is something to do before its next look at the chain.</summary>
public interface ISettlementSignal
{
    /// <summary>Never blocks; several calls count as one.</summary>
    void Wake();
}
