package dev.replicator.port;

/** All that the port promises of a tree; for the real ones and for the simulated disk. */
public abstract class TreeContract
    implements LookContract,
        ExchangeContract,
        KindContract,
        MetadataContract,
        SettleContract,
        ArrivalContract,
        RelocationContract,
        RenamedFileContract,
        ReplacementContract,
        LastMomentContract,
        StagingContract {}
