using Masumi.Settlement.Deals;
using Masumi.Settlement.Registrations;
using Masumi.Settlement.Transfers;

namespace Masumi.Settlement.Stores;

/// <summary>What the stores are told of a change that reaches further than its own row: when it is, and what becomes of what attempts serve.</summary>
/// <param name="Now">The time that rows, histories and events bear.</param>
/// <param name="OfDeal">A deal after something happened to it.</param>
/// <param name="OfRegistration">A registration after something happened to it.</param>
/// <param name="OfTransfer">What becomes of a transfer.</param>
public sealed record Decisions(
    DateTimeOffset Now,
    Func<Deal, DealEvent, DealChange> OfDeal,
    Func<Registration, RegistrationEvent, Registration> OfRegistration,
    Func<Transfer, TransferEvent, Transfer> OfTransfer
);
