using OpsAgent.Tests.Contract.Stomp.Suite;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Contract.Stomp.RabbitMq;

[Collection(RabbitMqCollection.Name)]
[NeedsServers("rabbitmq-server")]
public sealed class RabbitMqLoginTests(SharedRabbitMq broker) : LoginContract(broker);

[Collection(RabbitMqCollection.Name)]
[NeedsServers("rabbitmq-server")]
public sealed class RabbitMqHeaderTests(SharedRabbitMq broker) : HeaderContract(broker);

[Collection(RabbitMqCollection.Name)]
[NeedsServers("rabbitmq-server")]
public sealed class RabbitMqBodyTests(SharedRabbitMq broker) : BodyContract(broker);

[Collection(RabbitMqCollection.Name)]
[NeedsServers("rabbitmq-server")]
public sealed class RabbitMqQueueTests(SharedRabbitMq broker) : QueueContract(broker);

[Collection(RabbitMqCollection.Name)]
[NeedsServers("rabbitmq-server")]
public sealed class RabbitMqTopicTests(SharedRabbitMq broker) : TopicContract(broker);

[Collection(RabbitMqCollection.Name)]
[NeedsServers("rabbitmq-server")]
public sealed class RabbitMqAckTests(SharedRabbitMq broker) : AckContract(broker);

[Collection(RabbitMqCollection.Name)]
[NeedsServers("rabbitmq-server")]
public sealed class RabbitMqRedeliveryTests(SharedRabbitMq broker) : RedeliveryContract(broker);

[Collection(RabbitMqCollection.Name)]
[NeedsServers("rabbitmq-server")]
public sealed class RabbitMqReceiptTests(SharedRabbitMq broker) : ReceiptContract(broker);

[Collection(RabbitMqCollection.Name)]
[NeedsServers("rabbitmq-server")]
public sealed class RabbitMqHeartBeatTests(SharedRabbitMq broker) : HeartBeatContract(broker);

[Collection(RabbitMqCollection.Name)]
[NeedsServers("rabbitmq-server")]
public sealed class RabbitMqWindowTests(SharedRabbitMq broker) : WindowContract(broker);

[Collection(RabbitMqCollection.Name)]
[NeedsServers("rabbitmq-server")]
public sealed class RabbitMqMistakeTests(SharedRabbitMq broker) : MistakeContract(broker);

[Collection(RabbitMqCollection.Name)]
[NeedsServers("rabbitmq-server")]
public sealed class RabbitMqExpiryTests(SharedRabbitMq broker) : ExpiryContract(broker);

[Collection(RabbitMqCollection.Name)]
[NeedsServers("rabbitmq-server")]
public sealed class RabbitMqTransactionTests(SharedRabbitMq broker) : TransactionContract(broker);

[Collection(RabbitMqCollection.Name)]
[NeedsServers("rabbitmq-server")]
public sealed class RabbitMqWireTests(SharedRabbitMq broker) : WireContract(broker);
