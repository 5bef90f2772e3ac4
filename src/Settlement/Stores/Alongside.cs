using System.Data.Common;

namespace Masumi.Settlement.Stores;

/// <summary>Something that another module's store writes in the transaction in which a deal is entered; false undoes all of it.</summary>
public delegate Task<bool> Alongside(DbConnection connection, DbTransaction transaction);
