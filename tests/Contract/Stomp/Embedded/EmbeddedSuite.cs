using OpsAgent.Tests.Contract.Stomp.Suite;
using Xunit;

namespace OpsAgent.Tests.Contract.Stomp.Embedded;

[Collection(EmbeddedCollection.Name)]
public sealed class EmbeddedLoginTests(SharedEmbedded broker) : LoginContract(broker);

[Collection(EmbeddedCollection.Name)]
public sealed class EmbeddedHeaderTests(SharedEmbedded broker) : HeaderContract(broker);

[Collection(EmbeddedCollection.Name)]
public sealed class EmbeddedBodyTests(SharedEmbedded broker) : BodyContract(broker);

[Collection(EmbeddedCollection.Name)]
public sealed class EmbeddedQueueTests(SharedEmbedded broker) : QueueContract(broker);

[Collection(EmbeddedCollection.Name)]
public sealed class EmbeddedTopicTests(SharedEmbedded broker) : TopicContract(broker);

[Collection(EmbeddedCollection.Name)]
public sealed class EmbeddedAckTests(SharedEmbedded broker) : AckContract(broker);

[Collection(EmbeddedCollection.Name)]
public sealed class EmbeddedRedeliveryTests(SharedEmbedded broker) : RedeliveryContract(broker);

[Collection(EmbeddedCollection.Name)]
public sealed class EmbeddedReceiptTests(SharedEmbedded broker) : ReceiptContract(broker);

[Collection(EmbeddedCollection.Name)]
public sealed class EmbeddedHeartBeatTests(SharedEmbedded broker) : HeartBeatContract(broker);

[Collection(EmbeddedCollection.Name)]
public sealed class EmbeddedWindowTests(SharedEmbedded broker) : WindowContract(broker);

[Collection(EmbeddedCollection.Name)]
public sealed class EmbeddedMistakeTests(SharedEmbedded broker) : MistakeContract(broker);

[Collection(EmbeddedCollection.Name)]
public sealed class EmbeddedExpiryTests(SharedEmbedded broker) : ExpiryContract(broker);

[Collection(EmbeddedCollection.Name)]
public sealed class EmbeddedTransactionTests(SharedEmbedded broker) : TransactionContract(broker);

[Collection(EmbeddedCollection.Name)]
public sealed class EmbeddedWireTests(SharedEmbedded broker) : WireContract(broker);
